import type { RecoveryPointByBackupVault } from '@aws-sdk/client-backup';
import { restorable } from '../../../lambda/drill/choose/bucket-backup';
import { bucketMetadata } from '../../../lambda/drill/restore/files/backup-job';
import { begin, type Restored } from '../../../lambda/drill/restore/files/restored';
import { WHOLE_AT_MOST } from '../../../lambda/verification/files/content';
import { restoredCheck } from '../../../lambda/drill/verify/restored-check';
import {
  bucketNoteOf,
  closeBucketNote,
  leaveBucketNote,
  openBucketNotes,
} from '../../../lambda/shared/bucket-restore-note';
import type { SourceFacts } from '../../../lib/private/contract/drill';
import { rejection } from '../../rehearsal/aws/support';
import { drillOf, openSite, type Site } from '../account';

const FILES = 'arn:aws:s3:::files';
const arnOf = (id: string) => `arn:aws:backup:eu-west-1:111122223333:recovery-point:${id}`;
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1';

const source: SourceFacts = {
  kind: 'recovery-point',
  identifier: 'files',
  arn: arnOf('files-1'),
  restorePoint: '2026-03-01T05:00:00.000Z',
  latestRestorableTime: '2026-03-01T05:00:00.000Z',
  engineVersion: '',
  instanceClass: '',
  allocatedStorageGib: 0,
  recoveryPoint: { vault: 'vault', resourceArn: FILES, createdAt: '2026-03-01T05:00:00.000Z' },
  files: { bucket: 'files', region: 'eu-west-1', prefix: '', restoredTo: 'restored' },
};

describe('Choose', () => {
  const NOW = '2026-03-01T12:00:00.500Z';
  const listed = (id: string, at: string, more: Partial<RecoveryPointByBackupVault> = {}) => ({
    RecoveryPointArn: arnOf(id),
    ResourceArn: FILES,
    Status: 'COMPLETED' as const,
    CreationDate: new Date(at),
    ...more,
  });
  const chosen = (points: RecoveryPointByBackupVault[], disasterAt = NOW) =>
    restorable(points, FILES, disasterAt, NOW).map(({ arn, restorePoint }) => [arn.split('point:')[1], restorePoint]);

  test('the newest periodic one from before the disaster, as of its making', () => {
    const points = [
      listed('files-1', '2026-03-01T05:00:00Z'),
      listed('files-2', '2026-03-01T06:00:00Z'),
      listed('files-3', '2026-03-01T11:59:59Z'),
    ];
    expect(chosen(points, '2026-03-01T07:00:00Z')[0]).toEqual(['files-2', '2026-03-01T06:00:00.000Z']);
    expect(chosen(points)[0]).toEqual(['files-3', '2026-03-01T11:59:59.000Z']);
  });

  test.each(['COMPLETED', 'AVAILABLE'] as const)(
    'a continuous one that is %s, as far as it has caught up',
    (Status) => {
      const points = [listed('continuous:files-1', '2026-02-01T05:00:00Z', { Status })];
      expect(chosen(points)).toEqual([['continuous:files-1', '2026-03-01T11:45:00.000Z']]);
      expect(chosen(points, '2026-03-01T11:45:00Z')).toEqual([['continuous:files-1', '2026-03-01T11:45:00.000Z']]);
      expect(chosen(points, '2026-02-28T11:00:00.700Z')).toEqual([['continuous:files-1', '2026-02-28T11:00:00.000Z']]);
    },
  );

  test('whichever reaches closest to the disaster', () => {
    const continuous = listed('continuous:files-1', '2026-02-01T05:00:00Z');
    const taken = (at: string) => chosen([listed('files-1', at), continuous])[0][0];
    expect(taken('2026-03-01T11:44:00Z')).toBe('continuous:files-1');
    expect(taken('2026-03-01T11:50:00Z')).toBe('files-1');
  });

  test.each<[string, RecoveryPointByBackupVault]>([
    ['of another bucket', listed('files-1', '2026-03-01T05:00:00Z', { ResourceArn: `${FILES}-2` })],
    ['that is a parent of others', listed('files-1', '2026-03-01T05:00:00Z', { IsParent: true })],
    ['from after the disaster', listed('files-1', '2026-03-01T13:00:00Z')],
    ['that is continuous and has not caught up', listed('continuous:files-1', '2026-03-01T11:50:00Z')],
    ['that is periodic and AVAILABLE', listed('files-1', '2026-03-01T05:00:00Z', { Status: 'AVAILABLE' })],
    ...(['CREATING', 'DELETING', 'EXPIRED', 'PARTIAL', 'STOPPED'] as const).map(
      (Status): [string, RecoveryPointByBackupVault] => [
        `that is ${Status}`,
        listed('continuous:files-1', '2026-02-01T05:00:00Z', { Status }),
      ],
    ),
  ])('none %s', (_, point) => expect(chosen([point])).toEqual([]));
});

describe('Restore', () => {
  test('asks for the newest version of everything, under the key of the site', () => {
    expect(bucketMetadata(source, KEY)).toEqual({
      DestinationBucketName: 'restored',
      NewBucket: 'false',
      Encrypted: 'true',
      EncryptionType: 'SSE-KMS',
      KMSKey: KEY,
      RestoreACLs: 'false',
      RestoreLatestVersionsUpTo: '1',
    });
  });

  test('names the prefix as JSON, and the moment of a continuous one', () => {
    const files = { ...source.files!, prefix: 'invoices/"ü' };
    const recoveryPoint = { ...source.recoveryPoint!, continuous: true };
    expect(bucketMetadata({ ...source, files, recoveryPoint }, KEY)).toMatchObject({
      ItemsToRestore: '["invoices/\\"ü"]',
      RestoreTime: '2026-03-01T05:00:00.000Z',
    });
  });

  test('no more is said of large files than is read of them', () => {
    const { expected } = restoredCheck({ ...begin('2026-03-01T12:00:00Z'), done: true }, source, undefined);
    expect(expected).toContain(`up to ${WHOLE_AT_MOST / 1024 ** 2} MB whole`);
    expect(expected).toContain('a larger one its first byte and its size');
  });

  test('what AWS Backup says beside COMPLETED fails the check, however many files there are', () => {
    const restored: Restored = { ...begin('2026-03-01T12:00:00Z'), done: true, objects: 9, bytes: 9 };
    const check = (issues: string) => restoredCheck({ ...restored, job: { id: 'j', issues } }, source, undefined);
    expect(check('').status).toBe('pass');
    expect(check('One or more objects failed to restore.')).toMatchObject({
      status: 'fail',
      observed: expect.stringContaining('says: One or more objects failed to restore.'),
    });
  });
});

describe('the note', () => {
  let site: Site;
  beforeAll(async () => void (site = await openSite()));
  afterAll(() => site.close());
  const fit = () => Promise.resolve();

  test('is one for each bucket: left once, kept until all is gone, then the next drill’s', async () => {
    const [first, second] = ['1', '2'].map((digit) => drillOf(digit.repeat(20)));
    const note = await leaveBucketNote(site.state, first, source, '2026-03-01T12:00:00Z', fit);
    expect(note).toMatchObject({ bucket: 'restored', prefix: '', token: first.names.instance, drill: first.id });
    const again = await leaveBucketNote(site.state, first, source, '2026-03-01T12:10:00Z', () => {
      throw new Error('is not asked again: by now the bucket holds what the job restored');
    });
    expect(again).toEqual(note);
    expect((await rejection(leaveBucketNote(site.state, second, source, '2026-03-01T13:00:00Z', fit))).name).toBe(
      'NameTaken',
    );
    expect(await openBucketNotes(site.state)).toEqual([note]);
    expect(await bucketNoteOf(site.state, 'restored', second.id)).toBeNull();
    await closeBucketNote(site.state, { ...note, drill: second.id }, '2026-03-01T13:00:00Z');
    expect(await openBucketNotes(site.state)).toEqual([note]);
    await closeBucketNote(site.state, note, '2026-03-01T13:00:00Z');
    expect(await openBucketNotes(site.state)).toEqual([]);
    const next = await leaveBucketNote(site.state, second, source, '2026-03-01T13:00:00Z', fit);
    expect(next).toMatchObject({ drill: second.id });
    expect(next.goneAt).toBeUndefined();
  });

  test('is not left where the bucket is not fit', async () => {
    const drill = drillOf('3'.repeat(20));
    const files = { ...source.files!, restoredTo: 'unfit' };
    const unfit = () => Promise.reject(new Error('holds something'));
    await rejection(leaveBucketNote(site.state, drill, { ...source, files }, '2026-03-01T12:00:00Z', unfit));
    expect(await bucketNoteOf(site.state, 'unfit', drill.id)).toBeNull();
  });
});
