import { Aws, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { rdsArn } from './arns';

/** Everything that AWS Backup takes of an instance is named so. */
function snapshots(stack: Stack): string {
  return rdsArn(stack, 'snapshot', 'awsbackup:*');
}

/**
 * What every backup needs, whatever the instance: tagging, reading and expiring AWS Backup's own snapshots. The managed
 * policy for backups would do the same to every database and volume of the account.
 */
export function manageSnapshots(stack: Stack): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'KeepSnapshots',
      actions: ['rds:AddTagsToResource', 'rds:DeleteDBSnapshot', 'rds:ListTagsForResource'],
      resources: [snapshots(stack)],
    }),
    new PolicyStatement({
      sid: 'DescribeInstances',
      actions: ['rds:DescribeDBInstances', 'rds:DescribeDBSnapshots'],
      resources: [rdsArn(stack, 'db', '*'), rdsArn(stack, 'snapshot', '*')],
    }),
  ];
}

/**
 * Taking a snapshot, which RDS authorises on the instance and on the snapshot. One statement for each instance, so that a role of
 * many can be split into policies.
 */
export function snapshotOf(stack: Stack, instanceArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['rds:CreateDBSnapshot'], resources: [instanceArn, snapshots(stack)] }),
    new PolicyStatement({ actions: ['rds:ListTagsForResource'], resources: [instanceArn] }),
  ];
}

/** What AWS documents for every backup, whatever the kind: looking up the selected resources, and the vault they go to. */
export function useVault(vaultArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['backup:DescribeBackupVault'], resources: [vaultArn] }),
    new PolicyStatement({ actions: ['tag:GetResources'], resources: ['*'] }),
  ];
}

/**
 * A snapshot of an encrypted instance stays under its key: RDS and AWS Backup let it be used, for resources of AWS alone. AWS
 * Backup may look at the key under the role itself, which is not through a service.
 */
export function snapshotUnder(keyArn: string): PolicyStatement[] {
  const via = ['backup', 'rds'].map((service) => `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}`);
  return [
    new PolicyStatement({
      actions: ['kms:DescribeKey'],
      resources: [keyArn],
    }),
    new PolicyStatement({
      actions: ['kms:CreateGrant'],
      resources: [keyArn],
      conditions: { StringEquals: { 'kms:ViaService': via }, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  ];
}
