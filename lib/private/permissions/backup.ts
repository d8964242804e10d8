import { Arn, ArnFormat, Aws, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { rdsArn } from './arns';
import { automatedSnapshots } from './rds';

/** How RDS names a kind of database and what AWS Backup does to it. */
export interface Backed {
  /** Of an ARN. */
  readonly resource: string;
  readonly snapshot: string;
  /** Of actions. */
  readonly resourceNoun: string;
  readonly snapshotNoun: string;
}

export const INSTANCES: Backed = {
  resource: 'db',
  snapshot: 'snapshot',
  resourceNoun: 'DBInstance',
  snapshotNoun: 'DBSnapshot',
};

export const CLUSTERS: Backed = {
  resource: 'cluster',
  snapshot: 'cluster-snapshot',
  resourceNoun: 'DBCluster',
  snapshotNoun: 'DBClusterSnapshot',
};

/** Everything that AWS Backup takes is named so. */
export function snapshots(stack: Stack, { snapshot }: Backed): string {
  return rdsArn(stack, snapshot, 'awsbackup:*');
}

/**
 * What every backup needs, whatever the database: tagging, reading and expiring AWS Backup's own snapshots. The managed
 * policy for backups would do the same to every database and volume of the account.
 */
export function manageSnapshots(stack: Stack, kind: Backed): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'KeepSnapshots',
      actions: ['rds:AddTagsToResource', `rds:Delete${kind.snapshotNoun}`, 'rds:ListTagsForResource'],
      resources: [snapshots(stack, kind)],
    }),
    new PolicyStatement({
      sid: kind === INSTANCES ? 'DescribeInstances' : 'DescribeClusters',
      actions: [`rds:Describe${kind.resourceNoun}s`, `rds:Describe${kind.snapshotNoun}s`],
      resources: [rdsArn(stack, kind.resource, '*'), rdsArn(stack, kind.snapshot, '*')],
    }),
  ];
}

/**
 * What continuous backups need besides: a recovery point of AWS Backup's own that is tagged, and reading the automated backups of
 * clusters. Not deleting automated backups, which RDS expires itself: their ARNs name no database, so it would reach all.
 */
export function manageContinuous(stack: Stack, kind: Backed): PolicyStatement[] {
  const resource = { service: 'backup', resource: 'recovery-point', resourceName: 'continuous:*' };
  const tag = new PolicyStatement({
    sid: 'TagContinuous',
    actions: ['backup:TagResource'],
    resources: [Arn.format({ ...resource, arnFormat: ArnFormat.COLON_RESOURCE_NAME }, stack)],
  });
  if (kind === INSTANCES) return [tag];
  const describe = new PolicyStatement({
    sid: 'DescribeContinuous',
    actions: ['rds:DescribeDBClusterAutomatedBackups'],
    resources: [rdsArn(stack, 'cluster', '*'), rdsArn(stack, 'cluster-auto-backup', '*')],
  });
  return [tag, describe];
}

/**
 * Backing up databases: taking a snapshot, which RDS authorises on database and snapshot; of an instance that has automated
 * snapshots, AWS Backup's guide says that it copies the newest instead. For continuous backups it sets retention and window of
 * the database itself. For no database yet: see `backedUp`.
 */
export function backUp(stack: Stack, kind: Backed, continuous: boolean): PolicyStatement {
  const statement = new PolicyStatement({
    actions: [`rds:Create${kind.snapshotNoun}`, 'rds:ListTagsForResource'],
    resources: [snapshots(stack, kind)],
  });
  if (continuous) statement.addActions(`rds:Modify${kind.resourceNoun}`);
  if (kind === INSTANCES) statement.addActions('rds:CopyDBSnapshot');
  return statement;
}

/** What of a database a statement of `backUp` must name. */
export function backedUp(stack: Stack, kind: Backed, identifier: string): string[] {
  const database = rdsArn(stack, kind.resource, identifier);
  return kind === INSTANCES ? [database, automatedSnapshots(stack, identifier)] : [database];
}

/** What AWS documents for every backup, whatever the kind: looking up the selected resources, and the vault they go to. */
export function useVault(vaultArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['backup:DescribeBackupVault'], resources: [vaultArn] }),
    new PolicyStatement({ actions: ['tag:GetResources'], resources: ['*'] }),
  ];
}

/**
 * A snapshot of an encrypted database stays under its key: RDS and AWS Backup let it be used, for resources of AWS alone. AWS
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
