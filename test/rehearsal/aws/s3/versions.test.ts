import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketReplicationCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
  type DeleteMarkerEntry,
  type ListObjectVersionsCommandInput,
  type ObjectVersion,
} from '@aws-sdk/client-s3';
import { createAuthorize, RehearsedKms, RehearsedS3, type RunningAws } from '../../../../rehearsal/aws';
import { account, clientOf, keyArn, place, policy, rejection, region, role, start } from '../support';

/* Versions as a drill reads them, over HTTP: listed, read in part, copied between buckets and Regions, deleted by the batch. */

const THERE = 'eu-central-1';
const otherKey = keyArn.replace(/1$/, '2');
const keyThere = keyArn.replace(region, THERE);

const directory = mkdtempSync(join(tmpdir(), 'aws-s3-versions-'));
const kms = new RehearsedKms({ ...place, keys: [{ arn: keyArn }, { arn: otherKey }] });
const faults: { throttle?: { service: string; operation?: string; rate?: number } } = {};
let aws: RunningAws;
let s3: S3Client;
let far: S3Client;
const clients: S3Client[] = [];

function as(accessKeyId: string, more: object = {}): S3Client {
  const client = new S3Client(clientOf(aws, accessKeyId, more));
  clients.push(client);
  return client;
}

beforeAll(async () => {
  const there = new RehearsedS3({
    ...{ region: THERE, account },
    directory: join(directory, 'there'),
    buckets: [{ name: 'far', kmsKeyArn: keyThere }],
    keys: new RehearsedKms({ region: THERE, account, keys: [{ arn: keyThere }] }),
  });
  const here = new RehearsedS3({
    ...place,
    directory: join(directory, 'here'),
    buckets: [
      { name: 'files', kmsKeyArn: keyArn },
      { name: 'plain' },
      { name: 'old', versioned: false },
      { name: 'listed' },
      { name: 'many' },
    ],
    keys: kms,
    elsewhere: [there],
  });
  here.fill(
    'many',
    Array.from({ length: 2500 }, (_, i) => ({
      key: `k/${String(i).padStart(4, '0')}`,
      size: 4,
      read: () => Buffer.from('same'),
    })),
  );
  const of = (bucket: string) => `arn:aws:s3:::${bucket}/*`;
  aws = await start(
    [here.service()],
    {
      AKIANOKEY: role('no-key', policy(['s3:*'], '*'), policy('kms:Decrypt', otherKey)),
      AKIADELETER: role('deleter', policy('s3:DeleteObject*', of('plain')), policy('s3:DeleteObject', of('many'))),
      AKIABYBUCKET: role(
        'by-bucket',
        policy('s3:*', '*'),
        policy('kms:Decrypt', keyArn, {
          Condition: { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::files' } },
        }),
      ),
    },
    {
      faults,
      elsewhere: new Map([[THERE, { services: [there.service()], authorize: createAuthorize({ region: THERE }) }]]),
    },
  );
  s3 = as('AKIAADMIN');
  far = as('AKIAADMIN', { region: THERE });
});

afterAll(async () => {
  clients.forEach((client) => client.destroy());
  await aws.close();
  rmSync(directory, { recursive: true });
  expect(aws.problems).toEqual([]);
});

const put = (Bucket: string, Key: string, Body: string, more = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const read = async (Bucket: string, Key: string, more = {}, client = s3) =>
  (await client.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body!.transformToString();

/** Every page, as whoever follows the markers sees them. */
async function pages(input: ListObjectVersionsCommandInput, decoded = (text: string) => text) {
  const seen: (ObjectVersion & DeleteMarkerEntry)[] = [];
  const groups: string[] = [];
  let markers: Pick<ListObjectVersionsCommandInput, 'KeyMarker' | 'VersionIdMarker'> = {};
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ ...input, ...markers }));
    seen.push(...(page.Versions ?? []), ...(page.DeleteMarkers ?? []));
    groups.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!));
    if (!page.IsTruncated) return { seen, groups };
    markers = { KeyMarker: decoded(page.NextKeyMarker!), VersionIdMarker: page.NextVersionIdMarker };
  }
}

test('versions are listed by key, the newest first, markers among them, whatever the page', async () => {
  const ids: Record<string, string[]> = { a: [], 'b/1': [], 'b/2': [], c: [] };
  for (const [key, made] of Object.entries(ids)) {
    for (const body of ['one', 'two', 'three']) made.unshift((await put('listed', key, body)).VersionId!);
  }
  ids.c.unshift((await s3.send(new DeleteObjectCommand({ Bucket: 'listed', Key: 'c' }))).VersionId!);
  const expected = Object.entries(ids).flatMap(([key, made]) => made.map((id) => `${key} ${id}`));
  for (const MaxKeys of [1, 2, 3, 5, 1000]) {
    const { seen } = await pages({ Bucket: 'listed', MaxKeys });
    // A page has its markers apart.
    const isMarker = ({ Key, IsLatest }: ObjectVersion) => Key === 'c' && IsLatest === true;
    const named = (some: typeof seen) => some.map(({ Key, VersionId }) => `${Key} ${VersionId}`);
    expect(named(seen.filter((one) => !isMarker(one)))).toEqual(expected.filter((one) => !one.endsWith(ids.c[0])));
    expect(named(seen.filter(isMarker))).toEqual([`c ${ids.c[0]}`]);
    const latest = seen.filter(({ IsLatest }) => IsLatest).map(({ Key }) => Key);
    expect(latest.sort()).toEqual(Object.keys(ids));
  }
  const grouped = await pages({ Bucket: 'listed', MaxKeys: 1, Delimiter: '/' });
  expect(grouped.groups).toEqual(['b/']);
  expect(grouped.seen).toHaveLength(7);
  expect((await pages({ Bucket: 'listed', Prefix: 'b/', MaxKeys: 2 })).seen).toHaveLength(6);
  expect((await pages({ Bucket: 'listed', Prefix: 'nothing' })).seen).toEqual([]);
});

test('markers that make no sense are refused', async () => {
  const one = await rejection(s3.send(new ListObjectVersionsCommand({ Bucket: 'plain', VersionIdMarker: 'x' })));
  expect(one).toMatchObject({ name: 'InvalidArgument' });
  const two = new ListObjectVersionsCommand({ Bucket: 'plain', KeyMarker: 'k', VersionIdMarker: '' });
  expect(await rejection(s3.send(two))).toMatchObject({ name: 'InvalidArgument' });
});

test('whoever deletes page after page sees every version, though its marker is gone', async () => {
  for (const key of ['gone/1', 'gone/2', 'gone/3']) for (let i = 0; i < 3; i++) await put('plain', key, `${i}`);
  let markers = {};
  for (let page = 0; ; page++) {
    expect(page).toBeLessThan(10);
    const input = { Bucket: 'plain', Prefix: 'gone/', MaxKeys: 2, ...markers };
    const { Versions = [], IsTruncated, ...rest } = await s3.send(new ListObjectVersionsCommand(input));
    const Objects = Versions.map(({ Key, VersionId }) => ({ Key, VersionId }));
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket: 'plain', Delete: { Objects } }));
    expect({ deleted: Deleted?.length, Errors }).toEqual({ deleted: Objects.length, Errors: undefined });
    if (!IsTruncated) break;
    markers = { KeyMarker: rest.NextKeyMarker, VersionIdMarker: rest.NextVersionIdMarker };
  }
  expect((await pages({ Bucket: 'plain', Prefix: 'gone/' })).seen).toEqual([]);
});

const HOSTILE = [
  'with space',
  'new\nline',
  'tab\tand\rreturn',
  '%41',
  'a+b',
  '..',
  '../x',
  '☃💾',
  '\u0001',
  "q'&<>()!*",
  ' edge ',
];

test('keys of any characters are listed, page by page, with encoding-type=url', async () => {
  const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
  for (const key of HOSTILE) await put('plain', `hostile/${key}`, key);
  const all = HOSTILE.map((key) => `hostile/${key}`).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const input = { Bucket: 'plain', Prefix: 'hostile/', EncodingType: 'url' as const, MaxKeys: 3 };
  expect((await pages(input, decode)).seen.map(({ Key }) => decode(Key!))).toEqual(all);
  const { Contents, EncodingType } = await s3.send(new ListObjectsV2Command({ ...input, MaxKeys: 1000 }));
  expect(Contents!.map(({ Key }) => decode(Key!))).toEqual(all);
  expect(EncodingType).toBe('url');
  for (const Key of all) {
    const CopySource = `plain/${Key.split('/').map(encodeURIComponent).join('/')}`;
    await s3.send(new CopyObjectCommand({ Bucket: 'files', Key, CopySource }));
    expect(await read('files', Key)).toBe(Key.slice('hostile/'.length));
  }
});

test('2,500 keys are listed in pages of a thousand, in order', async () => {
  const { seen } = await pages({ Bucket: 'many' });
  expect(seen.map(({ Key }) => Key)).toEqual(Array.from({ length: 2500 }, (_, i) => `k/${String(i).padStart(4, '0')}`));
  expect(await read('many', 'k/0042')).toBe('same');
});

test.each([
  ['bytes=0-0', '0', 'bytes 0-0/10'],
  ['bytes=2-4', '234', 'bytes 2-4/10'],
  ['bytes=7-', '789', 'bytes 7-9/10'],
  ['bytes=-3', '789', 'bytes 7-9/10'],
  ['bytes=5-99', '56789', 'bytes 5-9/10'],
])('%s of ten bytes is %s', async (Range, text, ContentRange) => {
  await put('plain', 'digits', '0123456789');
  const got = await s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'digits', Range }));
  expect(await got.Body!.transformToString()).toBe(text);
  expect(got).toMatchObject({ ContentRange, ContentLength: text.length, $metadata: { httpStatusCode: 206 } });
});

test('a part behind the end is refused, also of nothing', async () => {
  await put('plain', 'nothing', '');
  for (const [Key, Range] of [
    ['digits', 'bytes=10-'],
    ['nothing', 'bytes=0-0'],
  ]) {
    const error = await rejection(s3.send(new GetObjectCommand({ Bucket: 'plain', Key, Range })));
    expect(error).toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
  }
});

test('S3 has a CRC64NVME of what came without a checksum, and any other that was given', async () => {
  const silent = as('AKIAADMIN', { requestChecksumCalculation: 'WHEN_REQUIRED' });
  // The check value of CRC-64/NVME.
  await silent.send(new PutObjectCommand({ Bucket: 'plain', Key: 'check', Body: '123456789' }));
  const head = (more = {}) => s3.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'check', ...more }));
  expect((await head()).ChecksumCRC64NVME).toBeUndefined();
  const crc = Buffer.from('ae8b14860a799888', 'hex').toString('base64');
  expect(await head({ ChecksumMode: 'ENABLED' })).toMatchObject({
    ChecksumCRC64NVME: crc,
    ChecksumType: 'FULL_OBJECT',
  });
  expect(await read('plain', 'check', { ChecksumMode: 'ENABLED' })).toBe('123456789');
  for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
    await put('plain', 'check', '123456789', { ChecksumAlgorithm });
    expect(await head({ ChecksumMode: 'ENABLED' })).toHaveProperty(`Checksum${ChecksumAlgorithm}`);
  }
  const attributes = { Bucket: 'plain', Key: 'check', ObjectAttributes: ['Checksum' as const, 'ObjectSize' as const] };
  expect(await s3.send(new GetObjectAttributesCommand(attributes))).toMatchObject({
    Checksum: { ChecksumSHA256: createHash('sha256').update('123456789').digest('base64') },
    ObjectSize: 9,
  });
});

test('a delete marker says so, and can be asked nothing', async () => {
  await put('plain', 'marked', 'x');
  const { VersionId } = await s3.send(new DeleteObjectCommand({ Bucket: 'plain', Key: 'marked' }));
  const hidden = await rejection(s3.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'marked' })));
  const { $response } = hidden as unknown as { $response: { headers: Record<string, string> } };
  expect($response.headers).toMatchObject({ 'x-amz-delete-marker': 'true', 'x-amz-version-id': VersionId });
  const asked = await rejection(s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'marked', VersionId })));
  expect(asked).toMatchObject({ name: 'MethodNotAllowed', $metadata: { httpStatusCode: 405 } });
  const never = await rejection(s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'marked', VersionId: 'x' })));
  expect(never).toMatchObject({ name: 'NoSuchVersion', $metadata: { httpStatusCode: 404 } });
});

test('each object has its own key, and reading it needs that one', async () => {
  await put('files', 'own', 'x');
  await put('files', 'other', 'x', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: otherKey });
  await put('files', 'none', 'x', { ServerSideEncryption: 'AES256' });
  const heads = await Promise.all(
    ['own', 'other', 'none'].map((Key) => as('AKIANOKEY').send(new HeadObjectCommand({ Bucket: 'files', Key }))),
  );
  expect(heads.map(({ SSEKMSKeyId }) => SSEKMSKeyId)).toEqual([keyArn, otherKey, undefined]);
  expect(await read('files', 'other', {}, as('AKIANOKEY'))).toBe('x');
  expect(await read('files', 'none', {}, as('AKIANOKEY'))).toBe('x');
  for (const ask of [
    () => read('files', 'own', {}, as('AKIANOKEY')),
    () => as('AKIANOKEY').send(new HeadObjectCommand({ Bucket: 'files', Key: 'own', ChecksumMode: 'ENABLED' })),
    () => as('AKIANOKEY').send(new CopyObjectCommand({ Bucket: 'plain', Key: 'x', CopySource: 'files/own' })),
  ]) {
    expect(await rejection(ask())).toMatchObject({ $metadata: { httpStatusCode: 403 } });
  }
});

test('with bucket keys the context is the bucket, without them the object', async () => {
  await put('files', 'bucket-key', 'x');
  await put('files', 'object-key', 'x', { BucketKeyEnabled: false });
  expect(await read('files', 'bucket-key', {}, as('AKIABYBUCKET'))).toBe('x');
  const denied = await rejection(read('files', 'object-key', {}, as('AKIABYBUCKET')));
  expect(denied).toMatchObject({ name: 'AccessDenied', message: expect.stringContaining('kms:Decrypt') });
});

test('a key that is disabled, about to go or gone is of no use', async () => {
  await put('files', 'locked', 'x');
  for (const [change, name] of [
    [() => kms.change(keyArn, { state: 'Disabled' }), 'KMS.DisabledException'],
    [() => kms.change(keyArn, { state: 'PendingDeletion' }), 'KMS.KMSInvalidStateException'],
    [() => kms.remove(keyArn), 'KMS.NotFoundException'],
  ] as const) {
    change();
    expect(await rejection(read('files', 'locked'))).toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
    expect(await rejection(put('files', 'more', 'x'))).toMatchObject({ name });
    // What is known without decrypting is still told.
    expect(await s3.send(new HeadObjectCommand({ Bucket: 'files', Key: 'locked' }))).toMatchObject({
      ContentLength: 1,
    });
  }
  kms.change(keyArn, { state: 'Enabled' });
  expect(await read('files', 'locked')).toBe('x');
  const elsewhere = put('files', 'more', 'x', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyThere });
  expect(await rejection(elsewhere)).toMatchObject({ name: 'KMS.NotFoundException' });
});

test('a copy keeps what the original was, under the key of its new bucket, from any Region', async () => {
  const { VersionId } = await put('files', 'original', 'first', { ContentType: 'text/plain', Metadata: { a: 'b' } });
  await put('files', 'original', 'second');
  const CopySource = `files/original?versionId=${VersionId}`;
  const copied = await far.send(
    new CopyObjectCommand({ Bucket: 'far', Key: 'drill/copy', CopySource, ChecksumAlgorithm: 'SHA256' }),
  );
  const sum = createHash('sha256').update('first').digest('base64');
  expect(copied).toMatchObject({ CopySourceVersionId: VersionId, SSEKMSKeyId: keyThere });
  expect(copied.CopyObjectResult).toMatchObject({ ChecksumSHA256: sum });
  const got = await far.send(new GetObjectCommand({ Bucket: 'far', Key: 'drill/copy' }));
  expect(await got.Body!.transformToString()).toBe('first');
  expect(got).toMatchObject({ ContentType: 'text/plain', Metadata: { a: 'b' } });
  await s3.send(new CopyObjectCommand({ Bucket: 'plain', Key: 'back', CopySource: 'far/drill/copy' }));
  expect(await read('plain', 'back')).toBe('first');
});

test.each([
  ['of nothing', { Bucket: 'plain', Key: 'x', CopySource: 'plain/no such' }, 'NoSuchKey'],
  ['of no bucket', { Bucket: 'plain', Key: 'x', CopySource: 'nowhere/x' }, 'NoSuchBucket'],
  ['of no version', { Bucket: 'plain', Key: 'x', CopySource: 'plain/digits?versionId=1' }, 'NoSuchVersion'],
  ['onto itself', { Bucket: 'plain', Key: 'digits', CopySource: 'plain/digits' }, 'InvalidRequest'],
  ['of half a percent sign', { Bucket: 'plain', Key: 'x', CopySource: 'plain/%' }, 'InvalidArgument'],
])('a copy %s is refused', async (_, input, name) => {
  expect(await rejection(s3.send(new CopyObjectCommand(input)))).toMatchObject({ name });
});

test('a bucket of another Region is not answered for here', async () => {
  const error = await rejection(read('far', 'drill/copy'));
  expect(error).toMatchObject({ name: 'PermanentRedirect', $metadata: { httpStatusCode: 301 } });
});

test('a batch deletes what may be deleted and lists the rest', async () => {
  for (const key of ['d/1', 'd/2']) await put('plain', key, 'x');
  const deleter = as('AKIADELETER');
  const Objects = [{ Key: 'd/1' }, { Key: 'd/2' }, { Key: 'never/was' }];
  const { Deleted } = await deleter.send(new DeleteObjectsCommand({ Bucket: 'plain', Delete: { Objects } }));
  expect(Deleted!.map(({ Key, DeleteMarker }) => [Key, DeleteMarker])).toEqual(Objects.map(({ Key }) => [Key, true]));
  const [{ VersionId }] = (await pages({ Bucket: 'many', MaxKeys: 1000 })).seen;
  const mixed = [{ Key: 'k/0000', VersionId }, { Key: 'k/0001' }];
  const partly = await deleter.send(new DeleteObjectsCommand({ Bucket: 'many', Delete: { Objects: mixed } }));
  expect(partly.Errors).toMatchObject([{ Key: 'k/0000', VersionId, Code: 'AccessDenied' }]);
  expect(partly.Deleted).toMatchObject([{ Key: 'k/0001' }]);
  const none = new DeleteObjectsCommand({ Bucket: 'plain', Delete: { Objects: [] } });
  expect(await rejection(s3.send(none))).toMatchObject({ name: 'MalformedXML' });
});

test('without versions there is the newest alone', async () => {
  await put('old', 'one', 'first');
  await put('old', 'one', 'second');
  const { seen } = await pages({ Bucket: 'old' });
  expect(seen).toMatchObject([{ Key: 'one', VersionId: 'null', IsLatest: true, Size: 6 }]);
  expect(await read('old', 'one', { VersionId: 'null' })).toBe('second');
  await s3.send(new DeleteObjectCommand({ Bucket: 'old', Key: 'one' }));
  expect((await pages({ Bucket: 'old' })).seen).toEqual([]);
});

test('what a bucket is set to', async () => {
  const Bucket = 'files';
  expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
  expect((await s3.send(new GetBucketVersioningCommand({ Bucket: 'old' }))).Status).toBeUndefined();
  const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(ServerSideEncryptionConfiguration!.Rules).toEqual([
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn }, BucketKeyEnabled: true },
  ]);
  const none = await rejection(s3.send(new GetBucketReplicationCommand({ Bucket })));
  expect(none.name).toBe('ReplicationConfigurationNotFoundError');
});

test('a throttled listing is slowed down at the rate that was asked', async () => {
  faults.throttle = { service: 's3', operation: 'ListObjectVersions', rate: 0.25 };
  const ends: string[] = [];
  for (let i = 0; i < 8; i++) {
    const listing = s3.send(new ListObjectVersionsCommand({ Bucket: 'plain', MaxKeys: 1 }));
    ends.push(
      await listing.then(
        () => 'ok',
        (error: Error & { $metadata: { httpStatusCode: number } }) => `${error.name} ${error.$metadata.httpStatusCode}`,
      ),
    );
  }
  faults.throttle = undefined;
  expect(ends.filter((end) => end === 'SlowDown 503')).toHaveLength(2);
  expect(ends.filter((end) => end === 'ok')).toHaveLength(6);
});
