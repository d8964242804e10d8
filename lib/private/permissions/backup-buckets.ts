import { Arn, ArnFormat, Aws, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { SourceKey } from '../buckets/source-key';
import { decryptObjects, viaS3 } from './replication';

/**
 * What backups of buckets need, whatever the bucket, as AWS Backup's own policy for S3 says: it follows changes by rules that it
 * makes and names itself, and keeps what it took under the key of the vault.
 */
export function followBuckets(stack: Stack, vaultKeyArn: string): PolicyStatement[] {
  const points = { service: 'backup', resource: 'recovery-point', resourceName: '*' };
  const rules = { service: 'events', resource: 'rule', resourceName: 'AwsBackupManagedRule*' };
  return [
    new PolicyStatement({
      sid: 'LookAtBuckets',
      actions: ['cloudwatch:GetMetricData', 'events:ListRules', 's3:ListAllMyBuckets'],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'FollowChanges',
      actions: [
        'events:DeleteRule',
        'events:DescribeRule',
        'events:DisableRule',
        'events:EnableRule',
        'events:ListTargetsByRule',
        'events:PutRule',
        'events:PutTargets',
        'events:RemoveTargets',
      ],
      resources: [Arn.format(rules, stack)],
    }),
    new PolicyStatement({
      sid: 'TagRecoveryPoints',
      actions: ['backup:TagResource'],
      resources: [Arn.format({ ...points, arnFormat: ArnFormat.COLON_RESOURCE_NAME }, stack)],
    }),
    new PolicyStatement({
      sid: 'KeepUnderVaultKey',
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
      resources: [vaultKeyArn],
      conditions: { StringEquals: { 'kms:ViaService': `backup.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
    }),
  ];
}

/** Reading several buckets, and turning on what tells AWS Backup of their changes; for no bucket yet: see `add`. */
export class BackUpBuckets {
  private readonly buckets = new PolicyStatement({
    actions: [
      's3:GetBucketAcl',
      's3:GetBucketLocation',
      's3:GetBucketNotification',
      's3:GetBucketTagging',
      's3:GetBucketVersioning',
      's3:GetInventoryConfiguration',
      's3:ListBucket',
      's3:ListBucketVersions',
      's3:ListTagsForResource',
      's3:PutBucketNotification',
      's3:PutInventoryConfiguration',
    ],
  });
  private readonly objects = new PolicyStatement({
    actions: [
      's3:GetObject',
      's3:GetObjectAcl',
      's3:GetObjectTagging',
      's3:GetObjectVersion',
      's3:GetObjectVersionAcl',
      's3:GetObjectVersionTagging',
    ],
  });
  readonly statements = [this.buckets, this.objects];

  add(bucketArn: string): void {
    this.buckets.addResources(bucketArn);
    this.objects.addResources(`${bucketArn}/*`);
  }
}

/** Reading the objects of one bucket through S3, under its key. */
export function decryptFor(stack: Stack, bucketArn: string, key: SourceKey): PolicyStatement[] {
  const decrypt = decryptObjects(stack, { bucketArn, key });
  if (key.kind !== 'key') return decrypt;
  const describe = new PolicyStatement({
    actions: ['kms:DescribeKey'],
    resources: [key.arn!],
    conditions: { StringEquals: { 'kms:ViaService': viaS3(Aws.REGION) } },
  });
  return [...decrypt, describe];
}
