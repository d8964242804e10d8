import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BackupClient } from '@aws-sdk/client-backup';
import { S3Client } from '@aws-sdk/client-s3';
import { begin, type Restored } from '../../../lambda/drill/restore/files/restored';
import { restoredCheck } from '../../../lambda/drill/verify/restored-check';
import { Store } from '../../../lambda/shared/store';
import { keys } from '../../../lambda/shared/keys';
import type { DrillFacts, RestoreFacts, SourceFacts } from '../../../lib/private/contract/drill';
import { RehearsedKms, RehearsedS3, type RunningAws } from '../../../rehearsal/aws';
import { clientOf, everything, keyArn, place, region, role, start } from '../../rehearsal/aws/support';
import { drillOf, PATIENCE } from '../account';

/* What AWS Backup restored beside what the bucket held, over HTTP: the job is done, and what it left is read. */

const HOUR = 3_600_000;
const POINT = Date.now() - HOUR;
const OTHER_KEY = keyArn.replace(/1$/, '2');

const source: SourceFacts = {
  kind: 'recovery-point',
  identifier: 'files',
  arn: 'arn:aws:backup:eu-west-1:111122223333:recovery-point:files-1',
  restorePoint: new Date(POINT).toISOString(),
  latestRestorableTime: new Date(POINT).toISOString(),
  engineVersion: '',
  instanceClass: '',
  allocatedStorageGib: 0,
  recoveryPoint: { vault: 'vault', resourceArn: 'arn:aws:s3:::files', createdAt: new Date(POINT).toISOString() },
  files: { bucket: 'files', region, prefix: '', restoredTo: 'restored' },
};

const content = (key: string) => Buffer.from(key.endsWith('empty') ? '' : `content of ${key}`);
const file = (key: string, hoursBefore: number) => {
  return { key, size: content(key).length, read: () => content(key), at: new Date(POINT - hoursBefore * HOUR) };
};
const OLD = ['a', 'a!', 'b c/ü', 'new\nline', '\u{1F600}', '\uFFFD', 'z'];

const denyList = {
  Statement: { Effect: 'Deny' as const, Action: 's3:ListBucketVersions', Resource: 'arn:aws:s3:::files' },
};
const callers = { AKIADENIED: role('denied', everything, denyList) };

let directory: string;
let s3: RehearsedS3;
let kms: RehearsedKms;
let aws: RunningAws;
let state: Store;
let round: (...asked: [Store, BackupClient, DrillFacts, SourceFacts]) => Promise<RestoreFacts>;
let drills = 0;

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'restore-compared-'));
  kms = new RehearsedKms({ ...place, keys: [{ arn: keyArn }, { arn: OTHER_KEY }] });
  s3 = new RehearsedS3({
    ...place,
    directory,
    keys: kms,
    buckets: [{ name: 'state', versioned: false }, { name: 'files' }, { name: 'restored' }],
  });
  aws = await start([s3.service(), kms.service()], callers);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'AKIAADMIN',
    AWS_SECRET_ACCESS_KEY: 'not checked here',
    AWS_MAX_ATTEMPTS: '1',
    SCRATCH_BUCKET: 'scratch',
    PATIENCE: JSON.stringify(PATIENCE),
  });
  state = new Store('state', new S3Client(clientOf(aws)));
  jest.resetModules();
  ({ restoreFiles: round } = await import('../../../lambda/drill/restore/files/round'));
});
afterEach(async () => {
  await aws.close();
  rmSync(directory, { recursive: true, force: true });
  expect(aws.problems).toEqual([]);
});

/** Reads what is in the bucket that was restored to, in as many rounds as it takes. */
async function compare(of: SourceFacts = source) {
  const drill = drillOf(`c${String(++drills).padStart(19, '0')}`);
  const key = keys.restoredFiles(drill.id);
  await state.put(key, { ...begin(new Date().toISOString()), job: { id: 'j', issues: '' } });
  let rounds = 1;
  while (!(await round(state, new BackupClient(), drill, of)).files!.done) rounds++;
  const restored = (await state.get<Restored>(key))!.value;
  return { restored, rounds, check: restoredCheck(restored, of, undefined) };
}

const continuous = { ...source, recoveryPoint: { ...source.recoveryPoint!, continuous: true } };
const files = () => s3.account.find('files').storage;

test('all that was there is there, in one round or in as many as there can be', async () => {
  s3.fill('files', [...OLD.map((key) => file(key, 24)), file('later', -0.5), file('just before', 1)]);
  s3.fill(
    'restored',
    OLD.map((key) => file(key, -1)),
  );
  const { restored, check } = await compare();
  expect(restored).toMatchObject({ objects: OLD.length, problems: [], compared: { held: OLD.length } });
  expect(check.status).toBe('pass');
  expect(check.observed).toMatch(
    /^7 of 7 files restored, \d+ bytes; all 7 are among them that files held since before /,
  );
  process.env.PATIENCE = JSON.stringify({ ...PATIENCE, round: 0.000001 });
  const slowly = await compare();
  expect(slowly.rounds).toBeGreaterThanOrEqual(OLD.length);
  expect(slowly.check.observed).toBe(check.observed);
});

test('what was not restored is missing, wherever it is in the order, and whoever goes on in between', async () => {
  s3.fill(
    'files',
    OLD.map((key) => file(key, 24)),
  );
  s3.fill(
    'restored',
    ['a!', 'new\nline', '\uFFFD'].map((key) => file(key, -1)),
  );
  const { restored, check } = await compare();
  expect(restored.problems).toEqual([expect.objectContaining({ problem: 'missing', count: 4 })]);
  expect(check).toMatchObject({ status: 'fail' });
  expect(check.observed).toMatch(/^3 of 7 files restored.*; 4 missing: .*; 3 of 7 are among them that files held/);
  process.env.PATIENCE = JSON.stringify({ ...PATIENCE, round: 0.000001 });
  expect((await compare()).check.observed).toBe(check.observed);
  expect((await compare({ ...source, files: { ...source.files!, prefix: 'a' } })).check.observed).toMatch(/^1 of 2 /);
});

test('a listing of more than a page, of which nothing was restored', async () => {
  s3.fill(
    'files',
    Array.from({ length: 2500 }, (_, i) => file(`k${String(i).padStart(5, '0')}`, 24)),
  );
  const { check } = await compare();
  expect(check.status).toBe('fail');
  expect(check.observed).toMatch(/^0 of 2500 files restored.*; 2500 missing: /);
});

test('what is under a key that nobody may use any more is missing, and the key is said', async () => {
  s3.fill('files', [file('old', 24), file('other', 24)]);
  s3.fill('restored', [file('other', -1)]);
  await s3.damage('files', 'old', { kind: 'rekeyed', kmsKeyArn: OTHER_KEY });
  kms.change(OTHER_KEY, { state: 'Disabled' });
  const { check } = await compare();
  expect(check.status).toBe('fail');
  expect(check.observed).toMatch(/1 missing: .*S3 or KMS denies it \(KMS\.DisabledException\)/);
});

test('what AWS Backup takes nowhere is said, and is no failure', async () => {
  s3.fill(
    'files',
    ['archived', 'other', 'theirs', 'named\u0001'].map((key) => file(key, 24)),
  );
  s3.fill('restored', [file('other', -1)]);
  await s3.damage('files', 'archived', { kind: 'closed', by: 'archived' });
  await s3.damage('files', 'theirs', { kind: 'closed', by: 'customer-key' });
  const { restored, check } = await compare();
  expect(restored.compared).toEqual({ held: 1, untaken: 3, unsure: 0 });
  expect(check.status).toBe('pass');
  expect(check.observed).toMatch(/^1 of 1 files restored.*; 3 of files are not there because AWS Backup takes none/);
});

test('a replica may have come after the restore point', async () => {
  s3.fill('files', [file('came', 24), file('other', 24)]);
  s3.fill('restored', [file('other', -1)]);
  files().newest('came')!.replication = 'REPLICA';
  const { check } = await compare();
  expect(check.status).toBe('pass');
  expect(check.observed).toMatch(/; 1 of files are not there, and as replicas do not say when they came$/);
});

test('what was deleted or overwritten since counts as far as the recovery point is of one moment', async () => {
  s3.fill(
    'files',
    ['deleted', 'back', 'over', 'other'].map((key) => file(key, 24)),
  );
  s3.removeAll('files', 'deleted');
  s3.removeAll('files', 'back');
  s3.put('files', 'back', 'again');
  s3.put('files', 'over', 'longer than it was as of the restore point');
  s3.fill('restored', [file('other', -1)]);
  expect((await compare()).check.observed).toMatch(/^1 of 2 files restored.*; 1 missing/);
  expect((await compare(continuous)).check.observed).toMatch(/^1 of 4 files restored.*; 3 missing/);
});

test('what is shorter than the bucket holds it is of another size', async () => {
  s3.fill('files', [file('a longer one', 24), file('over', 24)]);
  s3.put('files', 'over', 'longer than it was as of the restore point');
  s3.fill('restored', [{ ...file('a longer one', -1), size: 1, read: () => Buffer.from('a') }, file('over', -1)]);
  const { check } = await compare();
  expect(check.status).toBe('fail');
  expect(check.observed).toMatch(/; 1 size: 1 bytes restored instead of 23/);
});

test('a bucket that may not be listed leaves it unknown, one that is gone is what a recovery is for', async () => {
  s3.fill('files', [file('a', 24)]);
  s3.fill('restored', [file('a', -1)]);
  const gone = { ...source, files: { ...source.files!, bucket: 'gone' } };
  expect((await compare(gone)).check).toMatchObject({
    status: 'pass',
    observed: expect.stringMatching(/; whether they are all of gone could not be compared: it is gone$/),
  });
  process.env.AWS_ACCESS_KEY_ID = 'AKIADENIED';
  jest.resetModules();
  ({ restoreFiles: round } = await import('../../../lambda/drill/restore/files/round'));
  expect((await compare()).check).toMatchObject({
    status: 'inconclusive',
    observed: expect.stringMatching(
      /^1 of 1 files .*; whether they are all of files is not known: listing its versions is denied$/,
    ),
  });
});
