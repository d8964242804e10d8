import 'aws-cdk-lib/testhelpers/jest-autoclean';
import {
  DeleteObjectCommand,
  GetBucketReplicationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { Duration } from 'aws-cdk-lib';
import type { Statement } from '../../../../rehearsal/aws';
import { clientOf, keyArn, region, rejection } from '../support';
import { openRegions, SOURCE, THERE, type Changes, type Regions } from './replicated';

/*
 * Replication as S3 does it between two Regions, with the rule, role, keys and buckets of the library's own templates: what
 * arrives, what does not, and what is said of both.
 */

const opened: Regions[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) {
    await one.close();
    expect(one.aws.problems).toEqual([]);
  }
});

async function open(changes?: Changes): Promise<Regions> {
  const made = await openRegions(changes);
  opened.push(made);
  return made;
}

const put = (regions: Regions, Key: string, Body = Key, more = {}) =>
  regions.client().send(new PutObjectCommand({ Bucket: SOURCE, Key, Body, ...more }));
const statusOf = async (regions: Regions, Key: string) =>
  (await regions.client().send(new HeadObjectCommand({ Bucket: SOURCE, Key }))).ReplicationStatus;
const replicas = ({ far, replica }: Regions) => far.s3.keys(replica);

test('a version arrives after the lag, under the key of the other site, as the same version', async () => {
  const regions = await open();
  const { VersionId } = await put(regions, 'a b/ü', 'text', { Metadata: { a: 'b' } });
  expect(await statusOf(regions, 'a b/ü')).toBe('PENDING');
  regions.pass(59);
  expect([await statusOf(regions, 'a b/ü'), replicas(regions)]).toEqual(['PENDING', []]);
  regions.pass(1);
  expect(await statusOf(regions, 'a b/ü')).toBe('COMPLETED');
  const { SSEKMSKeyId: sourceKey, LastModified } = await regions
    .client()
    .send(new HeadObjectCommand({ Bucket: SOURCE, Key: 'a b/ü' }));
  const got = await regions.client(THERE).send(new GetObjectCommand({ Bucket: regions.replica, Key: 'a b/ü' }));
  expect(await got.Body!.transformToString()).toBe('text');
  expect(got).toMatchObject({ VersionId, ReplicationStatus: 'REPLICA', Metadata: { a: 'b' }, LastModified });
  expect(got.SSEKMSKeyId).toMatch(new RegExp(`^arn:aws:kms:${THERE}:`));
  expect(got.SSEKMSKeyId).not.toBe(sourceKey);
});

test('the rule is shown as it is', async () => {
  const regions = await open();
  const { ReplicationConfiguration } = await regions.client().send(new GetBucketReplicationCommand({ Bucket: SOURCE }));
  expect(ReplicationConfiguration!.Rules).toMatchObject([
    {
      Status: 'Enabled',
      Filter: { Prefix: '' },
      DeleteMarkerReplication: { Status: 'Disabled' },
      SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
      Destination: { Bucket: `arn:aws:s3:::${regions.replica}`, ReplicationTime: { Time: { Minutes: 15 } } },
    },
  ]);
});

test('markers stay here, and so do removals of versions', async () => {
  const regions = await open();
  const { VersionId } = await put(regions, 'kept');
  regions.pass(60);
  await regions.client().send(new DeleteObjectCommand({ Bucket: SOURCE, Key: 'kept' }));
  await regions.client().send(new DeleteObjectCommand({ Bucket: SOURCE, Key: 'kept', VersionId }));
  const early = await put(regions, 'removed in time');
  await regions
    .client()
    .send(new DeleteObjectCommand({ Bucket: SOURCE, Key: 'removed in time', VersionId: early.VersionId }));
  regions.pass(600);
  expect(replicas(regions)).toEqual(['kept']);
});

test('delete markers are replicated where the plan says so', async () => {
  const regions = await open({ options: { replicateDeleteMarkers: true } });
  await put(regions, 'gone');
  regions.pass(60);
  const { VersionId } = await regions.client().send(new DeleteObjectCommand({ Bucket: SOURCE, Key: 'gone' }));
  regions.pass(60);
  expect(replicas(regions)).toEqual([]);
  expect(
    regions.far.s3
      .versions(regions.replica, 'gone')
      .map((one) => one.versionId)
      .at(-1),
  ).toBe(VersionId);
});

test('what is older than the rule has no status and stays where it is', async () => {
  const regions = await open({ ruleLater: true });
  await put(regions, 'older');
  regions.near.s3.replicate(SOURCE, regions.configuration);
  await put(regions, 'newer');
  regions.pass(3600);
  expect([await statusOf(regions, 'older'), await statusOf(regions, 'newer')]).toEqual([undefined, 'COMPLETED']);
  expect(replicas(regions)).toEqual(['newer']);
});

test('objects under KMS are skipped by a rule that does not opt in, and others are not', async () => {
  const regions = await open();
  const { configuration } = regions;
  const [{ SourceSelectionCriteria: _, ...rule }] = configuration.Rules;
  const { EncryptionConfiguration: __, ...Destination } = rule.Destination;
  regions.near.s3.replicate(SOURCE, { ...configuration, Rules: [{ ...rule, Destination }] });
  await put(regions, 'under-kms');
  await put(regions, 'under-s3', 'x', { ServerSideEncryption: 'AES256' });
  regions.pass(60);
  expect([await statusOf(regions, 'under-kms'), await statusOf(regions, 'under-s3')]).toEqual([undefined, 'COMPLETED']);
  expect(replicas(regions)).toEqual(['under-s3']);
});

test.each<[string, string]>([
  ['ReadRule', 's3:GetReplicationConfiguration'],
  ['ReadVersions', 's3:GetObjectVersionForReplication'],
  ['WriteReplicas', 's3:ReplicateObject'],
  ['decryption', 'kms:Decrypt'],
  ['EncryptReplicas', 'kms:Encrypt'],
])('without %s the role may not, and the version fails for want of %s', async (sid, action) => {
  const lost = ({ Sid, Action }: Statement) => Sid === sid || (sid === 'decryption' && Action === 'kms:Decrypt');
  const regions = await open({ statements: (statement) => !lost(statement) });
  await put(regions, 'x');
  regions.pass(60);
  expect(await statusOf(regions, 'x')).toBe('FAILED');
  expect(replicas(regions)).toEqual([]);
  expect(regions.near.s3.replicationFailures).toMatchObject([
    { key: 'x', code: 'AccessDenied', message: expect.stringContaining(action) },
  ]);
});

test('an object without KMS is encrypted there with the rights of the role, too', async () => {
  const denied = await open({ statements: ({ Sid }: Statement) => Sid !== 'EncryptReplicas' });
  await put(denied, 'x', 'x', { ServerSideEncryption: 'AES256' });
  denied.pass(60);
  expect(denied.near.s3.replicationFailures).toMatchObject([
    { message: expect.stringContaining('kms:GenerateDataKey') },
  ]);
});

test.each([
  ['disabled here', 'near', 'Disabled'],
  ['about to go there', 'far', 'PendingDeletion'],
] as const)('a key that is %s fails what comes from then on, and that alone', async (_, side, state) => {
  const regions = await open();
  await put(regions, 'before');
  regions.pass(60);
  await put(regions, 'after');
  for (const { arn } of (side === 'near' ? regions.home : regions.there).all('AWS::KMS::Key')) {
    regions[side].kms.change(arn, { state });
  }
  regions.pass(60);
  expect([await statusOf(regions, 'before'), await statusOf(regions, 'after')]).toEqual(['COMPLETED', 'FAILED']);
});

test('replication that is stopped is pending, and goes on when it is not', async () => {
  const regions = await open();
  regions.faults.replication = { stopped: true };
  await put(regions, 'x');
  regions.pass(3600);
  expect([await statusOf(regions, 'x'), replicas(regions)]).toEqual(['PENDING', []]);
  delete regions.faults.replication;
  regions.pass(1);
  expect([await statusOf(regions, 'x'), replicas(regions)]).toEqual(['COMPLETED', ['x']]);
});

test('what has keys of one beginning fails, and nothing else', async () => {
  const regions = await open();
  regions.faults.replication = { fails: 'bad/', lagSeconds: 5 };
  await put(regions, 'bad/x');
  await put(regions, 'good/x');
  regions.pass(5);
  expect([await statusOf(regions, 'bad/x'), await statusOf(regions, 'good/x')]).toEqual(['FAILED', 'COMPLETED']);
});

test('S3 measures what is behind and pending there, and what failed here, minute by minute', async () => {
  const regions = await open();
  const begun = new Date(regions.time.now);
  regions.faults.replication = { fails: 'bad/' };
  await put(regions, 'one');
  await put(regions, 'bad/two');
  regions.pass(50);
  regions.faults.replication = { stopped: true };
  regions.pass(150);
  delete regions.faults.replication;
  regions.pass(160);
  const read = async (where: string, name: string, statistic: string) => {
    const cloudWatch = new CloudWatchClient(clientOf(regions.aws, 'AKIAADMIN', { region: where }));
    const RuleId = regions.configuration.Rules[0].Id!;
    const dimensions = { SourceBucket: SOURCE, DestinationBucket: regions.replica, RuleId };
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const Metric = { Namespace: 'AWS/S3', MetricName: name, Dimensions };
    const answer = await cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: begun,
        EndTime: new Date(begun.getTime() + Duration.minutes(10).toMilliseconds()),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat: statistic } }],
      }),
    );
    cloudWatch.destroy();
    return answer.MetricDataResults![0].Values;
  };
  expect(await read(THERE, 'OperationsPendingReplication', 'Maximum')).toEqual([2, 2, 2, 2]);
  expect(await read(THERE, 'ReplicationLatency', 'Maximum')).toEqual([60, 120, 180, 200]);
  expect(await read(region, 'OperationsFailedReplication', 'Sum')).toEqual([0, 0, 0, 0]);
  expect(await read(region, 'ReplicationLatency', 'Maximum')).toEqual([]);
});

test.each([
  ['missing', { kind: 'missing' }],
  ['truncated', { kind: 'truncated' }],
  ['corrupt', { kind: 'corrupt' }],
  ['replaced', { kind: 'replaced', content: Buffer.from('THIS') }],
  ['rekeyed', { kind: 'rekeyed', kmsKeyArn: keyArn.replace(region, THERE) }],
] as const)('a replica that is %s', async (_, how) => {
  const regions = await open();
  await put(regions, 'x', 'text');
  regions.pass(60);
  await regions.far.s3.damage(regions.replica, 'x', how);
  const asked = { Bucket: regions.replica, Key: 'x' };
  const client = regions.client(THERE);
  const head = client.send(new HeadObjectCommand(asked));
  const body = async () => (await client.send(new GetObjectCommand(asked))).Body!.transformToString();
  switch (how.kind) {
    case 'missing':
      return expect((await rejection(head)).name).toBe('NotFound');
    case 'truncated':
      return expect([(await head).ContentLength, await body()]).toEqual([2, 'te']);
    case 'corrupt':
      expect((await head).ContentLength).toBe(4);
      return expect((await rejection(body())).message).toMatch(/checksum/i);
    case 'replaced':
      return expect([(await head).ReplicationStatus, await body()]).toEqual(['REPLICA', 'THIS']);
    case 'rekeyed':
      expect((await head).SSEKMSKeyId).toBe(how.kmsKeyArn);
      return expect((await rejection(body())).name).toBe('KMS.NotFoundException');
  }
});
