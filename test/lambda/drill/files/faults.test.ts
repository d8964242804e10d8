import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { createHash } from 'node:crypto';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { hiddenKey } from '../../../../lambda/verification/files/keys';
import { account, region } from '../../../rehearsal/aws/support';
import { SOURCE, THERE, type Changes } from '../../../rehearsal/aws/s3/replicated';
import { openFiles, type FilesSite } from './site';

/*
 * What can be wrong with a replica, over HTTP, between two Regions that the library's own templates declare: each with the
 * status and the evidence that a person needs.
 */

const opened: FilesSite[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) {
    await one.close();
    expect(one.aws.problems).toEqual([]);
  }
});

async function open(
  changes?: Changes,
  ...rights: Parameters<typeof openFiles> extends [unknown?, ...infer R] ? R : never
) {
  const made = await openFiles(changes, ...rights);
  opened.push(made);
  return made;
}

const HOSTILE = [
  'a b/ü',
  'per%20cent%',
  '..',
  'x/../y',
  'new\nline',
  'quo"te<&>',
  '\u{1F600}/\uFFFD',
  '/leading',
  'plus+',
  'tail ',
  'a',
  'a!',
  'ab',
  '\u0001',
];

/** Objects in both buckets, replicated long enough ago. */
async function filled(site: FilesSite, keys: readonly string[] = HOSTILE): Promise<void> {
  for (const key of keys) {
    await site.client().send(new PutObjectCommand({ Bucket: SOURCE, Key: key, Body: `the content of ${key}` }));
  }
  site.pass(60);
  site.pass(4_000);
}
const far = (site: FilesSite) => site.far.s3.account.find(site.replica);
const REPLICA = { kind: 'replica' } as const;

describe('a replica that is as it should be', () => {
  test('passes, whatever its keys are, looked at in one round or in as many as there can be', async () => {
    const site = await open();
    await filled(site);
    site.near.s3.put(SOURCE, 'empty', '');
    site.pass(4_000);
    const once = await site.look(REPLICA);
    expect(once.check).toMatchObject({ status: 'pass', kind: 'replica' });
    expect(once.check.observed).toBe(
      '15 objects of the source looked for in the replica: all are there; of those there, all 15 were looked at, and none is different or unreadable.',
    );
    expect(once.files).toMatchObject({
      population: 15,
      strata: [{ name: 'random', checked: 15 }],
      problems: [],
      completeUntil: new Date(site.time.now).toISOString(),
    });
    const slowly = await site.look(REPLICA, { budgetMs: 0 });
    expect(slowly.rounds).toBeGreaterThan(10);
    expect([slowly.check, slowly.files]).toEqual([once.check, once.files]);
    const every = await site.look({ ...REPLICA, sample: { every: true } });
    expect(every.files).toMatchObject({ strata: [{ name: 'every', checked: 15 }] });
    expect(every.check.status).toBe('pass');
  });

  test('passes whatever S3 says of an original whose copy is there: another destination may have failed', async () => {
    const site = await open();
    await filled(site);
    site.near.s3.account.find(SOURCE).storage.newest('plus+')!.replication = 'FAILED';
    expect((await site.look(REPLICA)).check.status).toBe('pass');
  });

  test('what is younger than replication may lag is no problem, and counts against completeness', async () => {
    const site = await open();
    await filled(site, ['old']);
    site.faults.replication = { stopped: true };
    await site.client().send(new PutObjectCommand({ Bucket: SOURCE, Key: 'young', Body: 'x' }));
    const written = site.time.now;
    site.pass(600);
    const { check, files } = await site.look(REPLICA);
    expect(check.status).toBe('pass');
    expect(files).toMatchObject({ population: 1, completeUntil: new Date(written - 1000).toISOString() });
  });

  test('an empty bucket shows nothing', async () => {
    const site = await open();
    expect((await site.look(REPLICA)).check).toMatchObject({ status: 'inconclusive' });
  });
});

describe('what is wrong is found', () => {
  const problem = async (site: FilesSite, key: string, expected: string, detail: RegExp, others = 0) => {
    for (const sample of [{ fraction: 0.01, confidence: 0.99 }, { every: true } as const]) {
      const { check, files } = await site.look({ ...REPLICA, sample });
      expect(check.status).toBe('fail');
      expect(files!.problems).toEqual([{ problem: expected, count: 1 + others }]);
      const example = files!.examples.find((one) => one.key === hiddenKey(key))!;
      expect(example).toMatchObject({ problem: expected, detail: expect.stringMatching(detail) as string });
      expect(JSON.stringify([check, files])).not.toContain('the content of');
    }
  };

  test('missing though S3 says it was replicated', async () => {
    const site = await open();
    await filled(site);
    const [version] = site.far.s3.versions(site.replica, 'a b/ü');
    far(site).storage.remove('a b/ü', version.versionId);
    await problem(site, 'a b/ü', 'missing', /S3 says that it was replicated/);
  });

  test('hidden behind a delete marker in the replica', async () => {
    const site = await open();
    await filled(site);
    far(site).storage.mark('..');
    await problem(site, '..', 'deleted', /delete marker/);
  });

  test('truncated', async () => {
    const site = await open();
    await filled(site);
    site.far.s3.put(site.replica, 'a b/ü', 'the con');
    await problem(site, 'a b/ü', 'size', /^7 bytes instead of 21$/);
  });

  test('other content of the same length, by its checksum', async () => {
    const site = await open();
    await filled(site);
    const put = { Bucket: site.replica, Key: 'plus+', Body: 'the c0ntent of plus+' };
    await site.client(THERE).send(new PutObjectCommand(put));
    await problem(site, 'plus+', 'content', /checksum/);
  });

  test('other content where checksums do not compare, by its bytes', async () => {
    const site = await open();
    await filled(site);
    const put = { Bucket: site.replica, Key: 'plus+', ChecksumAlgorithm: 'SHA256' } as const;
    await site.client(THERE).send(new PutObjectCommand({ ...put, Body: 'the content of plus+' }));
    expect((await site.look(REPLICA)).check.status).toBe('pass');
    await site.client(THERE).send(new PutObjectCommand({ ...put, Body: 'the c0ntent of plus+' }));
    await problem(site, 'plus+', 'content', /bytes are not those/);
  });

  test('under another key, which the recovery role may not use', async () => {
    const site = await open();
    await filled(site);
    const other = `arn:aws:kms:${THERE}:${account}:key/0a1b2c3d-0000-4000-8000-00000000000f`;
    const encryption = { kmsKeyArn: other, bucketKey: true };
    const body = Buffer.from('the content of plus+');
    far(site).storage.write('plus+', { content: body, encryption });
    await problem(site, 'plus+', 'key', new RegExp(other));
  });

  test("under S3's own keys, where the original is under one of KMS, and not where it is under S3's too", async () => {
    const site = await open();
    await filled(site);
    const plain = { content: Buffer.from('plain'), encryption: { bucketKey: false } };
    const source = site.near.s3.account.find(SOURCE).storage;
    source.write('own', { ...plain, replication: 'COMPLETED' });
    far(site).storage.write('own', plain);
    site.pass(4_000);
    expect((await site.look(REPLICA)).check.status).toBe('pass');
    const rows = { kind: 'files-exist' } as const;
    expect((await site.look(rows, { rows: [{ key: 'own' }] })).check.status).toBe('pass');
    far(site).storage.write('a', { ...plain, content: Buffer.from('the content of a') });
    await problem(site, 'a', 'key', /not encrypted under a key/);
    const other = `arn:aws:kms:${THERE}:${account}:key/0a1b2c3d-0000-4000-8000-00000000000f`;
    far(site).storage.write('own', { ...plain, encryption: { kmsKeyArn: other, bucketKey: true } });
    expect((await site.look(rows, { rows: [{ key: 'own' }] })).files!.problems).toEqual([{ problem: 'key', count: 1 }]);
  });

  test('replication stopped an hour ago', async () => {
    const site = await open();
    await filled(site);
    site.faults.replication = { stopped: true };
    const stopped = site.time.now;
    for (const key of ['n1', 'n2']) {
      await site.client().send(new PutObjectCommand({ Bucket: SOURCE, Key: key, Body: 'x' }));
    }
    site.pass(3_600);
    await problem(site, 'n1', 'late', /waiting to be replicated since/, 1);
    const { files } = await site.look(REPLICA);
    expect(files!.completeUntil).toBe(new Date(stopped - 1000).toISOString());
  });

  test('a newer version that never came, beside the old one', async () => {
    const site = await open();
    await filled(site);
    site.faults.replication = { stopped: true };
    await site.client().send(new PutObjectCommand({ Bucket: SOURCE, Key: 'ab', Body: 'the c0ntent of ab' }));
    site.pass(3_600);
    await problem(site, 'ab', 'late', /an older version is in the replica/);
  });

  test('replication that fails', async () => {
    const site = await open();
    site.faults.replication = { fails: 'plus' };
    await filled(site);
    await problem(site, 'plus+', 'failed', /its replication failed/);
  });

  test('a rule that was switched off', async () => {
    const site = await open();
    await filled(site);
    const [rule] = site.configuration.Rules;
    site.near.s3.replicate(SOURCE, { ...site.configuration, Rules: [{ ...rule, Status: 'Disabled' }] });
    await site.client().send(new PutObjectCommand({ Bucket: SOURCE, Key: 'n', Body: 'x' }));
    site.pass(3_600);
    await problem(site, 'n', 'late', /the rule was disabled or changed/);
  });

  test('objects older than the rule', async () => {
    const site = await open({ ruleLater: true });
    await site.client().send(new PutObjectCommand({ Bucket: SOURCE, Key: 'before', Body: 'x' }));
    site.pass(100);
    site.near.s3.replicate(SOURCE, site.configuration);
    await filled(site, ['after']);
    await problem(site, 'before', 'older-than-rule', /no rule took it/);
  });

  test('under a key that the recovery role may not use', async () => {
    const site = await open({}, ({ Action }) => ![Action].flat().includes('kms:Decrypt'));
    await filled(site, ['one', 'two']);
    await problem(site, 'one', 'unreadable', /denies it \(kms:Decrypt\)/, 1);
  });
});

describe('what S3 does not let us know is not known', () => {
  test('a throttled listing, after retries', async () => {
    const site = await open();
    await filled(site);
    site.faults.throttle = { service: 's3', operation: 'ListObjectsV2' };
    const { check, files, rounds } = await site.look(REPLICA);
    expect(check.status).toBe('inconclusive');
    expect(check.observed).toBe(
      'The replica could not be looked at to the end: S3 throttles, also after retries (SlowDown).',
    );
    expect(files).toMatchObject({ strata: [], population: 0 });
    expect(rounds).toBe(4);
  });

  test('throttled now and then, it gets through', async () => {
    const site = await open();
    await filled(site);
    site.faults.throttle = { service: 's3', rate: 0.2 };
    expect((await site.look(REPLICA)).check.status).toBe('pass');
  });

  test('what was shown bad before stays bad', async () => {
    const site = await open();
    await filled(site);
    far(site).storage.mark('\u0001');
    site.faults.throttle = { service: 's3', operation: 'GetObject' };
    const { check } = await site.look(REPLICA);
    expect(check).toMatchObject({ status: 'fail' });
    expect(check.observed).toMatch(/could not be looked at to the end.*Found until then: 1 deleted/);
  });

  test('a replica that the role may not list', async () => {
    const site = await open();
    await filled(site, ['one']);
    const foreign = { ...site.bucket, replica: { ...site.bucket.replica!, bucket: `${site.replica}-of-others` } };
    const { check } = await site.look({ ...REPLICA, bucket: foreign });
    expect(check.status).toBe('inconclusive');
    expect(check.observed).toMatch(/denies it/);
  });

  test('an original that cannot be read is not compared with its copy, and the others are', async () => {
    const site = await open();
    await filled(
      site,
      Array.from({ length: 99 }, (_, index) => `n${index}`),
    );
    const foreign = `arn:aws:kms:${region}:${account}:key/0a1b2c3d-0000-4000-8000-00000000000f`;
    const content = Buffer.from('the content of locked');
    const encryption = { kmsKeyArn: foreign, bucketKey: true };
    const { storage } = site.near.s3.account.find(SOURCE);
    storage.write('locked', { content, encryption, replication: 'COMPLETED' });
    site.far.s3.put(site.replica, 'locked', 'the content of locked');
    site.pass(4_000);
    const aside =
      /chosen at random and compared are different or unreadable; .* apart from those whose content cannot be compared; the content of 1 was not compared/;
    const { check } = await site.look(REPLICA);
    expect(check).toMatchObject({ status: 'pass', observed: expect.stringMatching(aside) as string });
    const every = await site.look({ ...REPLICA, sample: { every: true } });
    expect(every.check.status).toBe('inconclusive');
    expect(every.check.observed).toMatch(/0 of 99 whose content was compared .*, which is not every object/);
  });

  test('a source that the role may not list', async () => {
    const site = await open({}, ({ Sid }) => Sid !== 'ListFiles');
    await filled(site);
    const { check, rounds } = await site.look(REPLICA);
    expect(check.status).toBe('inconclusive');
    expect(check.observed).toMatch(/denies it \(s3:ListBucket\)/);
    expect(rounds).toBe(1);
  });
});

describe("rows' files", () => {
  const ROWS = { kind: 'files-exist' } as const;
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const row = (key: string, more = {}) => ({
    key,
    size: Buffer.byteLength(`the content of ${key}`),
    sha256: sha256(`the content of ${key}`),
    ...more,
  });

  test('are there, of the size and hash of their rows, also where a row names them by URL', async () => {
    const site = await open();
    await filled(site);
    const rows = [...HOSTILE.map((key) => row(key)), { key: `s3://${SOURCE}/ab` }, { key: `s3://${site.replica}/a!` }];
    const { check, files } = await site.look(ROWS, { rows });
    expect(check.observed).toBe(
      'No row without its file was found; of the files that 16 rows name, all 16 were looked at, and none is missing, different or unreadable; of 2 rows that say neither size nor hash, nothing could be found different.',
    );
    expect(check.status).toBe('pass');
    expect(files).toMatchObject({ population: 16, problems: [] });
    expect((await site.look(ROWS, { rows, budgetMs: 0 })).check).toEqual(check);
    const keys = await site.look(ROWS, { rows: HOSTILE.map((key) => ({ key })) });
    expect(keys.check.observed).toMatch(
      /all 14 were looked at, and none is missing or unreadable; of 14 rows that say/,
    );
  });

  test('each fault by its name, and how far back the files are complete', async () => {
    const site = await open();
    await filled(site);
    const point = new Date(site.time.now).toISOString();
    far(site).storage.mark('a');
    site.far.s3.put(site.replica, 'ab', 'short');
    site.pass(10);
    const now = new Date(site.time.now).toISOString();
    const modified = site.time.now - 100_000;
    const rows = [
      row('a!', { modified }),
      row('a', { modified: modified + 5000 }),
      row('ab'),
      row('nowhere'),
      { key: 's3://somebody-else/x' },
      row('plus+', { sha256: sha256('something else') }),
      { key: 'k'.repeat(2000) },
    ];
    const { check, files } = await site.look(ROWS, { rows, restorePoint: now });
    expect(check.status).toBe('fail');
    expect(files!.problems).toEqual([
      { problem: 'missing', count: 3 },
      { problem: 'deleted', count: 1 },
      { problem: 'size', count: 1 },
      { problem: 'content', count: 1 },
    ]);
    expect(files!.examples[0]).toEqual({
      key: hiddenKey('a'),
      problem: 'deleted',
      detail: `deleted at ${point}, and an older version of it is left; its row is there`,
    });
    expect(files!.completeUntil).toBe(new Date(modified + 4999).toISOString());
    // Before the accident all of them were as their rows say.
    const before = await site.look(ROWS, {
      rows: [row('a'), row('ab')],
      restorePoint: new Date(Date.parse(point) - 1000).toISOString(),
    });
    expect(before.check.status).toBe('pass');
  });

  test('a file written after the restore point counts, where nothing of it is older', async () => {
    const site = await open();
    const restorePoint = new Date(site.time.now - 1000).toISOString();
    await filled(site, ['late']);
    expect((await site.look(ROWS, { rows: [row('late')], restorePoint })).check.status).toBe('pass');
    await site.client(THERE).send(new DeleteObjectCommand({ Bucket: site.replica, Key: 'late' }));
    expect((await site.look(ROWS, { rows: [row('late')], restorePoint })).files!.problems).toEqual([
      { problem: 'deleted', count: 1 },
    ]);
  });
});
