import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BackupClient,
  DescribeRestoreJobCommand,
  GetRecoveryPointRestoreMetadataCommand,
  ListRecoveryPointsByBackupVaultCommand,
  StartRestoreJobCommand,
} from '@aws-sdk/client-backup';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  createAuthorize,
  RehearsedBackup,
  RehearsedKms,
  RehearsedRds,
  RehearsedS3,
  type PolicyDocument,
  type RunningAws,
} from '../../../../rehearsal/aws';
import { FakeEngine } from '../fake-engine';
import { registry } from '../rds-support';
import { account, clientOf, keyArn, place, policy, region, rejection, role, start, until } from '../support';

/* AWS Backup of buckets: what was in one at a moment, brought back into another with the rights of a role and no others. */

const FILES = 'arn:aws:s3:::files';
const BACKUP = `arn:aws:iam::${account}:role/backup`;
const RESTORE = `arn:aws:iam::${account}:role/restore`;
const trust: PolicyDocument = {
  Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'backup.amazonaws.com' } },
};
const reading = ['s3:Get*', 's3:List*', 's3:PutBucketNotification'];

const directory = mkdtempSync(join(tmpdir(), 'aws-s3-backup-'));
const time = { now: Date.parse('2026-03-01T12:00:00Z') };
const clock = () => new Date(time.now);
const kms = new RehearsedKms({ ...place, keys: [{ arn: keyArn }] });
const rds = new RehearsedRds({ ...place, engine: new FakeEngine(), registry });
const s3 = new RehearsedS3({
  ...place,
  directory,
  buckets: [
    { name: 'files', kmsKeyArn: keyArn },
    { name: 'scratch' },
    { name: 'other' },
    { name: 'old', versioned: false },
  ],
  keys: kms,
  clock,
});
const roles = new Map([
  [
    BACKUP,
    { principal: role('backup', policy([...reading], [FILES, `${FILES}/*`]), policy('kms:Decrypt', keyArn)), trust },
  ],
  [
    RESTORE,
    {
      principal: role(
        'restore',
        policy(['s3:GetBucketVersioning', 's3:ListBucket'], 'arn:aws:s3:::scratch'),
        policy('s3:PutObject', 'arn:aws:s3:::scratch/invoices/*'),
        policy('kms:GenerateDataKey', keyArn),
      ),
      trust,
    },
  ],
]);
const backup = new RehearsedBackup({
  ...{ ...place, rds: rds.forBackup(), s3: s3.forBackup(), roles, clock },
  vaults: [{ name: 'vault', arn: `arn:aws:backup:${region}:${account}:backup-vault:vault` }],
  authorize: createAuthorize({ region }),
  delays: { pending: 10, poll: 5 },
});
let aws: RunningAws;
let files: S3Client;
let client: BackupClient;

beforeAll(async () => {
  aws = await start([s3.service(), backup.service()]);
  files = new S3Client(clientOf(aws));
  client = new BackupClient(clientOf(aws));
});

afterAll(async () => {
  files.destroy();
  client.destroy();
  await aws.close();
  await rds.close();
  rmSync(directory, { recursive: true });
  expect(aws.problems).toEqual([]);
});

const put = (Key: string, Body: string) => files.send(new PutObjectCommand({ Bucket: 'files', Key, Body }));
const read = async (Bucket: string, Key: string) =>
  (await files.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString();

async function restore(RecoveryPointArn: string, more: Record<string, string> = {}) {
  const { RestoreJobId } = await client.send(
    new StartRestoreJobCommand({
      ...{ RecoveryPointArn, ResourceType: 'S3', IamRoleArn: RESTORE },
      Metadata: { DestinationBucketName: 'scratch', NewBucket: 'false', EncryptionType: 'original', ...more },
    }),
  );
  return until(
    () => client.send(new DescribeRestoreJobCommand({ RestoreJobId })),
    ({ Status }) => Status !== 'PENDING' && Status !== 'RUNNING',
  );
}

function empty(): void {
  for (const key of s3.keys('scratch')) {
    for (const { versionId } of [...s3.versions('scratch', key)])
      s3.account.find('scratch').storage.remove(key, versionId);
  }
}
afterEach(empty);

test('a periodic backup brings back what was there, whatever became of it since', async () => {
  await put('invoices/1', 'first');
  await put('invoices/2', 'second');
  const point = await backup.backUp(FILES, 'vault', BACKUP);
  expect(point).toMatch(new RegExp(`^arn:aws:backup:${region}:${account}:recovery-point:files-`));
  const { RecoveryPoints } = await client.send(
    new ListRecoveryPointsByBackupVaultCommand({
      BackupVaultName: 'vault',
      ByResourceArn: FILES,
      ByResourceType: 'S3',
    }),
  );
  expect(RecoveryPoints).toMatchObject([{ RecoveryPointArn: point, ResourceType: 'S3', Status: 'COMPLETED' }]);
  const asked = { BackupVaultName: 'vault', RecoveryPointArn: point };
  const { RestoreMetadata } = await client.send(new GetRecoveryPointRestoreMetadataCommand(asked));
  expect(RestoreMetadata).toMatchObject({ DestinationBucketName: 'files' });
  await put('invoices/1', 'overwritten');
  for (const { versionId } of [...s3.versions('files', 'invoices/2')]) {
    await files.send(new DeleteObjectCommand({ Bucket: 'files', Key: 'invoices/2', VersionId: versionId }));
  }
  const job = await restore(point);
  expect(job).toMatchObject({ Status: 'COMPLETED', CreatedResourceArn: 'arn:aws:s3:::scratch', ResourceType: 'S3' });
  expect(job.StatusMessage).toBeUndefined();
  expect([await read('scratch', 'invoices/1'), await read('scratch', 'invoices/2')]).toEqual(['first', 'second']);
});

test('a continuous backup is the bucket at any moment from its beginning, a quarter of an hour ago at the latest', async () => {
  const minute = 60_000;
  const since = clock();
  const continuous = { EnableContinuousBackup: true };
  const point = await backup.backUp(FILES, 'vault', BACKUP, continuous);
  expect(await backup.backUp(FILES, 'vault', BACKUP, continuous)).toBe(point);
  time.now += minute;
  const { VersionId } = await put('invoices/3', 'third');
  time.now += minute;
  const before = clock();
  time.now += minute;
  await files.send(new DeleteObjectCommand({ Bucket: 'files', Key: 'invoices/3', VersionId }));
  const after = clock();
  time.now += 20 * minute;
  const items = { ItemsToRestore: '["invoices/3"]' };
  await restore(point, { ...items, RestoreTime: before.toISOString() });
  expect(await read('scratch', 'invoices/3')).toBe('third');
  empty();
  expect(await restore(point, { ...items, RestoreTime: after.toISOString() })).toMatchObject({
    Status: 'COMPLETED',
    StatusMessage: expect.stringContaining('no objects that match'),
  });
  for (const moment of [new Date(since.getTime() - 1), new Date(time.now - 14 * minute)]) {
    expect((await rejection(restore(point, { RestoreTime: moment.toISOString() }))).message).toMatch(
      /RestoreTime must be/,
    );
  }
});

test('what is there is not overwritten, and what the role may not write is said to have failed', async () => {
  await put('secret/1', 'x');
  await put('invoices/4', 'restored');
  const point = await backup.backUp(FILES, 'vault', BACKUP);
  s3.put('scratch', 'invoices/4', 'was there');
  expect(await restore(point, { ItemsToRestore: '["secret/", "invoices/4"]' })).toMatchObject({
    Status: 'COMPLETED',
    StatusMessage: 'One or more objects failed to restore: 1 of 1.',
  });
  expect(await read('scratch', 'invoices/4')).toBe('was there');
});

test('a bucket that the role may not look at ends the job', async () => {
  const point = await backup.backUp(FILES, 'vault', BACKUP);
  expect(await restore(point, { DestinationBucketName: 'other' })).toMatchObject({
    Status: 'FAILED',
    StatusMessage: expect.stringContaining('s3:GetBucketVersioning'),
  });
});

test.each([
  ['six items', { ItemsToRestore: '["1","2","3","4","5","6"]' }, /list of 1 to 5/],
  ['items that are none', { ItemsToRestore: 'invoices/' }, /as JSON/],
  ['a new bucket', { NewBucket: 'true' }, /not rehearsed/],
  ['a moment of a periodic backup', { RestoreTime: '2026-03-01T12:00:00Z' }, /continuous/],
  ['a key that is not named', { EncryptionType: 'SSE-KMS' }, /needs KMSKey/],
  ['what nobody knows', { Tags: 'x' }, /Tags is not known/],
])('a restore of %s is refused', async (_, more, says) => {
  const point = await backup.backUp(FILES, 'vault', BACKUP);
  expect((await rejection(restore(point, more as Record<string, string>))).message).toMatch(says);
});

test('only what the role may read is backed up, and only with versions', async () => {
  expect((await rejection(backup.backUp('arn:aws:s3:::other', 'vault', BACKUP))).message).toMatch(
    /s3:GetBucketVersioning/,
  );
  kms.change(keyArn, { state: 'Disabled' });
  expect((await rejection(backup.backUp(FILES, 'vault', BACKUP))).name).toBe('KMS.DisabledException');
  kms.change(keyArn, { state: 'Enabled' });
});
