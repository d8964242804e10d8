import { Arn, ArnFormat, Aws, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CopiedKind } from '../copies/copied-tiers';
import type { CopyTarget } from '../copies/copy-target';

/** How RDS calls what is copied, and what may be done to it. */
const SNAPSHOTS = {
  instance: { resource: 'snapshot', name: 'DBSnapshot' },
  cluster: { resource: 'cluster-snapshot', name: 'DBClusterSnapshot' },
} as const;

/** Everything that AWS Backup takes or copies in a Region is named so. */
function snapshots(stack: Stack, kind: CopiedKind, region?: string): string {
  return Arn.format(
    {
      service: 'rds',
      resource: SNAPSHOTS[kind].resource,
      resourceName: 'awsbackup:*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      region,
    },
    stack,
  );
}

/**
 * What copying needs beside taking: out of the site's vault and into the destinations, and no other. Within an account this role
 * copies and expires the copies; into another account it shares the snapshot, and that account's AWS Backup copies it.
 */
export function copyTo(stack: Stack, kind: CopiedKind, targets: readonly CopyTarget[]): PolicyStatement[] {
  const { name } = SNAPSHOTS[kind];
  const taken = snapshots(stack, kind);
  const within = targets.filter(({ sameAccount }) => sameAccount);
  const regions = [...new Set(within.map(({ region }) => region))];
  const copied = regions.map((region) => snapshots(stack, kind, region));
  return [
    new PolicyStatement({
      sid: 'CopyInto',
      actions: ['backup:CopyIntoBackupVault', 'backup:DescribeBackupVault'],
      resources: targets.map(({ vaultArn }) => vaultArn),
    }),
    // Where to is limited by the statement above.
    new PolicyStatement({
      sid: 'CopyFrom',
      actions: ['backup:CopyFromBackupVault'],
      resources: [taken],
    }),
    new PolicyStatement({
      sid: 'CopySnapshots',
      actions: [`rds:Copy${name}`],
      resources: [taken, ...copied],
    }),
    ...(within.length > 0 ? keepCopies(stack, name, copied, within) : []),
    ...(within.length < targets.length ? [shareSnapshots(name, taken)] : []),
  ];
}

/** Copies expire under the role that made them. */
function keepCopies(stack: Stack, name: string, copied: string[], within: readonly CopyTarget[]): PolicyStatement[] {
  const regions = [...new Set(within.map(({ region }) => region))];
  const keys = [...new Set(within.map(({ region, keyArn }) => keyArn ?? anyKeyIn(stack, region)))];
  const via = regions.flatMap((region) => ['backup', 'rds'].map((service) => `${service}.${region}.${Aws.URL_SUFFIX}`));
  return [
    new PolicyStatement({
      sid: 'KeepCopies',
      actions: ['rds:AddTagsToResource', `rds:Delete${name}`, `rds:Describe${name}s`, 'rds:ListTagsForResource'],
      resources: copied,
    }),
    new PolicyStatement({ sid: 'DescribeCopyKeys', actions: ['kms:DescribeKey'], resources: keys }),
    new PolicyStatement({
      sid: 'GrantCopyKeys',
      actions: ['kms:CreateGrant'],
      resources: keys,
      conditions: { StringEquals: { 'kms:ViaService': via }, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  ];
}

/** A snapshot is shared while another account copies it. */
function shareSnapshots(name: string, taken: string): PolicyStatement {
  return new PolicyStatement({ sid: 'ShareSnapshots', actions: [`rds:Modify${name}Attribute`], resources: [taken] });
}

function anyKeyIn(stack: Stack, region: string): string {
  return Arn.format({ service: 'kms', resource: 'key', resourceName: '*', region }, stack);
}
