import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { RehearsedS3, type RunningAws } from '../../../../rehearsal/aws';
import { clientOf, keyArn, place, policy, rejection, role, start } from '../support';

let directory: string;
let aws: RunningAws;
let store: RehearsedS3;
let s3: S3Client;
const clients: S3Client[] = [];

function as(accessKeyId: string): S3Client {
  const client = new S3Client(clientOf(aws, accessKeyId));
  clients.push(client);
  return client;
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'aws-s3-'));
  store = new RehearsedS3({
    ...place,
    directory,
    buckets: [{ name: 'evidence', kmsKeyArn: keyArn }, { name: 'plain', versioned: false }, { name: 'many' }],
  });
  const objects = 'arn:aws:s3:::evidence/*';
  aws = await start(
    [store.service()],
    {
      AKIANOKEY: role('no-key', policy(['s3:PutObject', 's3:GetObject'], objects)),
      AKIANOLIST: role('no-list', policy(['s3:*Object', 'kms:*'], '*')),
      AKIAPUTTER: role('putter', policy('s3:PutObject', 'arn:aws:s3:::plain/*')),
    },
    {
      resourcePolicies: {
        'arn:aws:s3:::evidence': {
          Statement: [
            {
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:PutObject',
              Resource: objects,
              Condition: { Null: { 's3:if-none-match': 'true' }, StringLike: { 'aws:PrincipalArn': '*/no-*' } },
            },
          ],
        },
      },
    },
  );
  s3 = as('AKIAADMIN');
});

afterAll(async () => {
  clients.forEach((client) => client.destroy());
  await aws.close();
  rmSync(directory, { recursive: true });
  expect(aws.problems).toEqual([]);
});

const put = (Bucket: string, Key: string, Body: string, more = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Bucket: string, Key: string) => {
  const answer = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return { ...answer, text: await answer.Body!.transformToString() };
};

test('an object comes back as it was put, with its tag, type, metadata, key and checksum', async () => {
  const made = await put('evidence', 'chain/Shop/Orders/1.json', '{"ü":1}', {
    ContentType: 'application/json',
    Metadata: { a: 'b' },
  });
  const got = await get('evidence', 'chain/Shop/Orders/1.json');
  expect(got.text).toBe('{"ü":1}');
  expect(got).toMatchObject({
    ETag: made.ETag,
    ContentType: 'application/json',
    Metadata: { a: 'b' },
    ContentLength: 8,
  });
  expect(got).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn, VersionId: made.VersionId });
  expect(got.ChecksumCRC32).toBe(made.ChecksumCRC32);
  const head = await s3.send(new HeadObjectCommand({ Bucket: 'evidence', Key: 'chain/Shop/Orders/1.json' }));
  expect(head).toMatchObject({ ETag: made.ETag, ContentLength: 8 });
  expect(readFileSync(join(directory, 'evidence/chain/Shop/Orders/1.json'), 'utf8')).toBe('{"ü":1}');
});

test('a stream arrives through aws-chunked, without its wrapping', async () => {
  const body = Readable.from([Buffer.from('part one, '), Buffer.from('part two')]);
  await s3.send(new PutObjectCommand({ Bucket: 'plain', Key: 'stream', Body: body, ContentLength: 18 }));
  const got = await get('plain', 'stream');
  expect(got.text).toBe('part one, part two');
  expect(got.ContentEncoding).toBeUndefined();
});

test('an empty object and one of five megabytes', async () => {
  await put('plain', 'empty', '');
  expect((await get('plain', 'empty')).text).toBe('');
  const big = 'x'.repeat(5_000_000);
  await put('plain', 'big', big);
  expect((await get('plain', 'big')).text).toBe(big);
});

test('a wrong checksum is refused', async () => {
  const error = await rejection(put('plain', 'sum', 'text', { ChecksumSHA256: 'AAAA' }));
  expect(error.name).toBe('BadDigest');
});

test('If-None-Match lets exactly one of twenty writers through', async () => {
  const writes = Array.from({ length: 20 }, (_, i) => put('many', 'lock', `writer ${i}`, { IfNoneMatch: '*' }));
  const ends = await Promise.allSettled(writes);
  const lost = ends.filter((end) => end.status === 'rejected');
  expect(lost).toHaveLength(19);
  for (const end of lost) {
    expect(end.reason).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
  }
});

test('If-Match writes over the version it names and no other', async () => {
  const { ETag } = await put('many', 'pointer', 'one');
  await put('many', 'pointer', 'two', { IfMatch: ETag });
  expect((await rejection(put('many', 'pointer', 'three', { IfMatch: ETag }))).name).toBe('PreconditionFailed');
  expect((await get('many', 'pointer')).text).toBe('two');
  expect((await rejection(put('many', 'absent', 'x', { IfMatch: ETag }))).name).toBe('NoSuchKey');
});

test('a deleted object of a versioned bucket is hidden, not lost, and can be created anew', async () => {
  const { VersionId } = await put('many', 'gone', 'first');
  const marker = await s3.send(new DeleteObjectCommand({ Bucket: 'many', Key: 'gone' }));
  expect(marker.DeleteMarker).toBe(true);
  expect((await rejection(get('many', 'gone'))).name).toBe('NoSuchKey');
  const first = await s3.send(new GetObjectCommand({ Bucket: 'many', Key: 'gone', VersionId }));
  expect(await first.Body!.transformToString()).toBe('first');
  await put('many', 'gone', 'second', { IfNoneMatch: '*' });
  expect((await get('many', 'gone')).text).toBe('second');
});

test('missing objects and buckets have their own names', async () => {
  expect((await rejection(get('plain', 'nothing'))).name).toBe('NoSuchKey');
  expect((await rejection(get('no-such-bucket', 'x'))).name).toBe('NoSuchBucket');
  const head = await rejection(s3.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'nothing' })));
  expect(head).toMatchObject({ name: 'NotFound', $metadata: { httpStatusCode: 404 } });
});

const hostile = [
  '../../escape',
  '/etc/passwd',
  'a//b',
  'a/./b',
  'a/../b',
  '..',
  'trailing/',
  '%2e%2e/x',
  'quote"\'<b>&;`$(x)',
  'snow ☃ 💾/日本語',
  'con\nline\ttab',
  '%versions/x',
  'x*?|:\\y',
  'k'.repeat(1000),
  `${'deep/'.repeat(190)}end`,
  '__proto__',
];

test.each(hostile.map((key) => [key.slice(0, 40), key]))('the key %j stays within its directory', async (_, key) => {
  await put('plain', key, `content of ${key}`);
  expect((await get('plain', key)).text).toBe(`content of ${key}`);
  expect(store.keys('plain')).toContain(key);
  expect(readdirSync(directory).sort()).toEqual(['evidence', 'many', 'plain']);
  expect(existsSync(join(directory, '..', 'escape'))).toBe(false);
  expect(relative(directory, join(directory, 'plain'))).toBe('plain');
});

test('a key may be the beginning of another one', async () => {
  await put('many', 'p', 'file');
  await put('many', 'p/q', 'below');
  await put('many', 'r/s', 'below');
  await put('many', 'r', 'file');
  expect([(await get('many', 'p')).text, (await get('many', 'p/q')).text]).toEqual(['file', 'below']);
  expect([(await get('many', 'r')).text, (await get('many', 'r/s')).text]).toEqual(['file', 'below']);
});

test('a key above 1024 bytes is refused', async () => {
  expect((await rejection(put('plain', 'k'.repeat(1025), 'x'))).name).toBe('KeyTooLongError');
});

test('listing pages through a prefix in byte order, after a key, and groups at a delimiter', async () => {
  const names = ['l/a', 'l/b', 'l/c/1', 'l/c/2', 'l/Z', 'l/ä'];
  for (const name of names) await put('many', name, name);
  const seen: string[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: 'many', Prefix: 'l/', MaxKeys: 2, ContinuationToken: token }),
    );
    expect(page.KeyCount).toBeLessThanOrEqual(2);
    seen.push(...(page.Contents ?? []).map((one) => one.Key!));
    token = page.NextContinuationToken;
  } while (token);
  expect(seen).toEqual(['l/Z', 'l/a', 'l/b', 'l/c/1', 'l/c/2', 'l/ä']);
  const after = await s3.send(new ListObjectsV2Command({ Bucket: 'many', Prefix: 'l/', StartAfter: 'l/b' }));
  expect(after.Contents!.map((one) => one.Key)).toEqual(['l/c/1', 'l/c/2', 'l/ä']);
  const groups = await s3.send(new ListObjectsV2Command({ Bucket: 'many', Prefix: 'l/', Delimiter: '/' }));
  expect(groups.CommonPrefixes).toEqual([{ Prefix: 'l/c/' }]);
  expect(groups.Contents).toHaveLength(4);
  const none = await s3.send(new ListObjectsV2Command({ Bucket: 'many', Prefix: 'nothing/' }));
  expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false });
});

test('an encrypted bucket needs its key as well', async () => {
  const command = new PutObjectCommand({ Bucket: 'evidence', Key: 'x', Body: 'x', IfNoneMatch: '*' });
  const error = await rejection(as('AKIANOKEY').send(command));
  expect(error.name).toBe('AccessDenied');
  expect(error.message).toContain(`is not authorized to perform: kms:GenerateDataKey on resource: ${keyArn}`);
});

test('a bucket policy can demand conditional writes', async () => {
  const write = new PutObjectCommand({ Bucket: 'evidence', Key: 'y', Body: 'x' });
  expect((await rejection(as('AKIANOLIST').send(write))).message).toContain('explicit deny in a resource-based policy');
});

test('who may not list is not told that an object is missing', async () => {
  const error = await rejection(as('AKIANOLIST').send(new GetObjectCommand({ Bucket: 'plain', Key: 'nothing' })));
  expect(error).toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
});

test('If-Match needs the right to read', async () => {
  const { ETag } = await put('plain', 'cas', 'one');
  const command = new PutObjectCommand({ Bucket: 'plain', Key: 'cas', Body: 'two', IfMatch: ETag });
  expect((await rejection(as('AKIAPUTTER').send(command))).message).toContain('s3:GetObject');
});

test('what no drill calls is said to be not rehearsed', async () => {
  const upload = new CreateMultipartUploadCommand({ Bucket: 'plain', Key: 'parts' });
  expect((await rejection(s3.send(upload))).name).toBe('NotRehearsed');
  const lock = put('plain', 'x', 'x', { ObjectLockMode: 'GOVERNANCE' });
  expect((await rejection(lock)).message).toContain('ObjectLockMode is not rehearsed');
});
