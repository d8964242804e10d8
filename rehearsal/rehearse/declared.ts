import type { Bucket, Place, PolicyDocument, RegisteredSchedule } from '../aws';
import type { Deployed, Deployment } from '../template/deployment';
import { rdsManagedKey } from './production';

/* What the rehearsed services are told of a template's resources. */

export function resourcePolicies(deployment: Deployment): Record<string, PolicyDocument> {
  const buckets = deployment
    .all('AWS::S3::BucketPolicy')
    .map(({ properties }) => [`arn:aws:s3:::${String(properties.Bucket)}`, properties.PolicyDocument]);
  const keys = deployment.all('AWS::KMS::Key').map(({ arn, properties }) => [arn, properties.KeyPolicy]);
  const vaults = deployment
    .all('AWS::Backup::BackupVault')
    .flatMap(({ arn, properties }) => (properties.AccessPolicy ? [[arn, properties.AccessPolicy]] : []));
  return Object.fromEntries([...buckets, ...keys, ...vaults]) as Record<string, PolicyDocument>;
}

export function vault({ name, arn, properties }: Deployed) {
  const keyArn = properties.EncryptionKeyArn;
  return { name, arn, ...(typeof keyArn === 'string' && { keyArn }) };
}

export function key({ arn, properties }: Deployed) {
  return { arn, policy: properties.KeyPolicy as PolicyDocument };
}

/** The key of RDS's own that is in every account. */
export function managedKey({ region, account }: Place) {
  const statement = {
    Effect: 'Allow' as const,
    Principal: { AWS: '*' },
    Action: ['kms:CreateGrant', 'kms:DescribeKey'],
  };
  const through = { 'kms:ViaService': `rds.${region}.amazonaws.com`, 'kms:CallerAccount': account };
  return {
    arn: rdsManagedKey({ region, account }),
    manager: 'AWS' as const,
    policy: { Statement: { ...statement, Resource: '*', Condition: { StringEquals: through } } },
  };
}

export function bucket({ name, properties }: Deployed): Bucket {
  const rules = (properties.BucketEncryption as { ServerSideEncryptionConfiguration?: EncryptionRule[] } | undefined)
    ?.ServerSideEncryptionConfiguration;
  const kmsKeyArn = rules?.[0]?.ServerSideEncryptionByDefault?.KMSMasterKeyID;
  const versioned = (properties.VersioningConfiguration as { Status?: string } | undefined)?.Status === 'Enabled';
  return {
    name,
    versioned,
    ...(kmsKeyArn && { kmsKeyArn }),
    bucketKey: rules?.[0]?.BucketKeyEnabled ?? false,
    objectLock: properties.ObjectLockEnabled === true,
    replication: properties.ReplicationConfiguration as Bucket['replication'],
  };
}

interface EncryptionRule {
  readonly BucketKeyEnabled?: boolean;
  readonly ServerSideEncryptionByDefault?: { readonly KMSMasterKeyID?: string };
}

export function topic({ arn, properties }: Deployed) {
  const key = properties.KmsMasterKeyId;
  return { arn, ...(typeof key === 'string' && { kmsKeyArn: key }) };
}

export function schedule({ name, properties }: Deployed): RegisteredSchedule {
  const target = properties.Target as { Arn: string; RoleArn: string; Input?: string };
  return {
    name,
    group: properties.GroupName as string | undefined,
    expression: String(properties.ScheduleExpression),
    timeZone: properties.ScheduleExpressionTimezone as string | undefined,
    state: properties.State as 'ENABLED' | 'DISABLED' | undefined,
    target: { arn: target.Arn, roleArn: target.RoleArn, input: target.Input },
  };
}

/** The template's groups, and the default subnet group, in which a production database of nobody's is taken to be. */
export function registry(deployment: Deployment) {
  const subnets = new Map(deployment.all('AWS::EC2::Subnet').map((subnet) => [subnet.name, subnet]));
  const groups = deployment.all('AWS::RDS::DBSubnetGroup').map(({ name, properties }) => {
    const own = (properties.SubnetIds as string[])
      .map((id) => subnets.get(id))
      .filter((subnet) => subnet !== undefined);
    return {
      name,
      vpcId: String(own[0]?.properties.VpcId ?? ''),
      subnets: own.map((subnet) => ({ id: subnet.name, zone: String(subnet.properties.AvailabilityZone) })),
    };
  });
  const zones = ['a', 'b'].map((zone) => ({ id: `subnet-default-${zone}`, zone: `${deployment.place.region}${zone}` }));
  return {
    subnetGroups: [...groups, { name: 'default', vpcId: 'vpc-default', subnets: zones }],
    securityGroups: deployment
      .all('AWS::EC2::SecurityGroup')
      .map(({ name, properties }) => ({ id: name, vpcId: String(properties.VpcId) })),
  };
}
