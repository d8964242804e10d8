import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { GivenReplica, ProtectBucketOptions } from '../../../lib';
import { statementsOf } from '../support';
import { found, regions } from './support';

const replica: GivenReplica = {
  bucketName: 'legacy-replica',
  region: 'eu-central-1',
  keyArn: 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555',
};

test('a bucket that is imported is changed by nothing, and its replica is as given', () => {
  const { home, there, plan } = regions();
  const legacy = plan.protectBucket('Legacy', Bucket.fromBucketName(home, 'Legacy', 'legacy'), {
    replica,
    versioned: true,
  });
  plan.protectBucket('Keep', new Bucket(home, 'Keep'));
  expect(
    Object.keys(Template.fromStack(home).findResources('AWS::S3::Bucket')).filter((id) => /Legacy/.test(id)),
  ).toEqual([]);
  expect(
    Object.keys(Template.fromStack(there).findResources('AWS::S3::Bucket')).filter((id) => /Legacy/.test(id)),
  ).toEqual([]);
  expect(legacy._definition()).toEqual({
    name: 'Gold/Legacy',
    bucket: 'legacy',
    region: 'eu-west-1',
    replica: {
      bucket: 'legacy-replica',
      region: 'eu-central-1',
      keyArn: replica.keyArn,
      lagSeconds: 172_800,
      deleteMarkers: false,
    },
  });
  expect([legacy.owned, legacy.replica, legacy.replicationRole, legacy.replicationFailedAlarm]).toEqual([
    false,
    undefined,
    undefined,
    undefined,
  ]);
  Annotations.fromStack(home).hasNoWarning('/Prod/Gold/Legacy', Match.anyValue());
});

test('nor is one of this app that is not managed', () => {
  const { home, plan } = regions();
  const bucket = new CfnBucket(home, 'Uploads', { bucketName: 'acme-uploads' });
  plan.protectBucket('Keep', new Bucket(home, 'Keep'));
  const uploads = plan.protectBucket('Uploads', bucket, { manage: false, replica });
  expect(uploads.owned).toBe(true);
  expect(found(home, 'AWS::S3::Bucket', /^Uploads/).Properties).toEqual({ BucketName: 'acme-uploads' });
});

test('shortfalls that nobody here can see are findings with the command that mends them', () => {
  const { home, plan } = regions();
  plan.protectBucket('Legacy', Bucket.fromBucketName(home, 'Legacy', 'legacy'));
  plan.protectBucket('Keep', new Bucket(home, 'Keep'));
  const said = Annotations.fromStack(home);
  said.hasInfo('/Prod/Gold/Legacy', Match.stringLikeRegexp('put-bucket-versioning --bucket legacy --region eu-west-1'));
  said.hasWarning('/Prod/Gold/Legacy', Match.stringLikeRegexp('put-bucket-replication --bucket legacy'));
});

test('failures are an alarm where the rule is given', () => {
  const { home, plan } = regions();
  const options = { replica: { ...replica, ruleId: 'everything' } };
  const legacy = plan.protectBucket('Legacy', Bucket.fromBucketName(home, 'Legacy', 'legacy'), options);
  plan.protectBucket('Keep', new Bucket(home, 'Keep'));
  expect(legacy.replicationFailedAlarm).toBeDefined();
  Template.fromStack(home).hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'OperationsFailedReplication',
    Dimensions: Match.arrayWith([{ Name: 'RuleId', Value: 'everything' }]),
  });
});

test('drills may decrypt what is in that bucket, and nothing else of a key that nobody knows', () => {
  const { home, site, plan } = regions();
  plan.protectBucket('Legacy', Bucket.fromBucketName(home, 'Legacy', 'legacy'), { replica });
  plan.protectBucket('Keep', new Bucket(home, 'Keep'));
  const statements = statementsOf(home, site.functions.files.role).filter(
    ({ Action, Resource }) => Action === 'kms:Decrypt' && JSON.stringify(Resource).includes('key/*'),
  );
  expect(statements).toHaveLength(1);
  expect(JSON.stringify(statements[0].Condition)).toContain(':s3:::legacy');
  expect(JSON.stringify(statements[0].Condition)).toContain('kms:ViaService');
});

describe('refuses in one sentence', () => {
  test.each<[string, ProtectBucketOptions, RegExp]>([
    [
      'a replica in the home Region',
      { replica: { ...replica, region: 'eu-west-1' } },
      /is in eu-west-1, the home Region of the bucket/,
    ],
    [
      'a Region that is none',
      { replica: { ...replica, region: 'Frankfurt' } },
      /must be the name of a Region .* got: "Frankfurt"/,
    ],
    [
      'a missing key',
      { replica: { ...replica, keyArn: undefined as never } },
      /keyArn of the replica of Gold\/Legacy must be the ARN/,
    ],
    [
      'an alias as key',
      { replica: { ...replica, keyArn: 'arn:aws:kms:eu-central-1:111122223333:alias/x' } },
      /keyArn of the replica/,
    ],
    [
      'the key of another Region',
      { replica: { ...replica, keyArn: replica.keyArn.replace('eu-central-1', 'eu-west-1') } },
      /keyArn of the replica/,
    ],
    ['a name that is none', { replica: { ...replica, bucketName: 'Not_A_Bucket' } }, /3 to 63 lower-case letters/],
    ['said to be unversioned', { versioned: false }, /is not versioned/],
    ['manage', { manage: true }, /is imported/],
    ['what would change it', { priority: 1 }, /priority of Gold\/Legacy would change a bucket/],
  ])('%s', (_, options, message) => {
    const { home, plan } = regions();
    const legacy = Bucket.fromBucketName(home, 'Legacy', 'legacy');
    expect(() => plan.protectBucket('Legacy', legacy, options)).toThrow(message);
  });
});
