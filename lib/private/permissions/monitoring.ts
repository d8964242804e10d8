import { Arn, ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { anyKey } from './keys';

/**
 * Looking at what could be recovered: nothing here changes anything. Lists and descriptions are of the whole account, since tags
 * and identifiers are compared by the monitor itself; keys are those that databases turn out to be under.
 */
export function watch(stack: Stack, vaultName: string): PolicyStatement[] {
  const { region } = stack;
  return [
    describe(stack, region, ['DescribeDBInstances'], ['db:*']),
    describe(stack, region, ['DescribeDBClusters'], ['cluster:*']),
    ...describeSnapshots(stack),
    ...watchBackups(stack, region, [backupVault(stack, region, vaultName)]),
    new PolicyStatement({
      actions: ['rds:DescribeAccountAttributes', 'backup:ListCopyJobs', 'backup:DescribeRegionSettings'],
      resources: ['*'],
    }),
  ];
}

/** What snapshots there are, and what a snapshot is of. */
export function describeSnapshots(stack: Stack): PolicyStatement[] {
  return [
    describe(stack, stack.region, ['DescribeDBSnapshots'], ['db:*', 'snapshot:*']),
    describe(stack, stack.region, ['DescribeDBClusterSnapshots'], ['cluster:*', 'cluster-snapshot:*']),
  ];
}

/** Whether buckets, of which none is named yet, keep versions and replicate: nothing of what is in them. */
export function watchBuckets(): PolicyStatement {
  return new PolicyStatement({ actions: ['s3:GetBucketVersioning', 's3:GetReplicationConfiguration'] });
}

/** How far replicas in a Region are behind. */
export function watchLag(region: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['cloudwatch:GetMetricData'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:RequestedRegion': region } },
  });
}

/** Whether keys can be used. */
export function watchKeys(keyArns: string[]): PolicyStatement {
  return new PolicyStatement({ actions: ['kms:DescribeKey', 'kms:GetKeyPolicy'], resources: keyArns });
}

/** What there is of a Region that is copied to: automated backups, vaults, and the keys that both are under. */
export function watchBackups(stack: Stack, region: string, vaultArns: string[]): PolicyStatement[] {
  return [
    describe(stack, region, ['DescribeDBInstanceAutomatedBackups'], ['db:*', 'auto-backup:*']),
    new PolicyStatement({
      actions: ['backup:ListRecoveryPointsByBackupVault', 'backup:DescribeBackupVault'],
      resources: vaultArns,
    }),
    watchKeys([anyKey(stack, region)]),
  ];
}

function describe(stack: Stack, region: string, actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({
    actions: actions.map((action) => `rds:${action}`),
    resources: resources.map((each) => {
      const [resource, resourceName] = each.split(':');
      return Arn.format(
        { service: 'rds', region, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME },
        stack,
      );
    }),
  });
}

function backupVault(stack: Stack, region: string, resourceName: string): string {
  const resource = { service: 'backup', region, resource: 'backup-vault', resourceName };
  return Arn.format({ ...resource, arnFormat: ArnFormat.COLON_RESOURCE_NAME }, stack);
}
