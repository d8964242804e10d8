import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { copies, rdsArn, restoreGroups } from './arns';

/** Tag on everything a drill makes, with the site's name. The same as in the functions; a test compares them. */
export const SITE_TAG = 'cdk-recoverable:site';

/** The two ways a copy comes to be. */
const RESTORES = ['rds:RestoreDBInstanceToPointInTime', 'rds:RestoreDBInstanceFromDBSnapshot'];

export function describeInstances(stack: Stack): PolicyStatement {
  return new PolicyStatement({ actions: ['rds:DescribeDBInstances'], resources: [rdsArn(stack, 'db', '*')] });
}

export function describeSources(stack: Stack): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['rds:DescribeDBSnapshots'],
      resources: [rdsArn(stack, 'db', '*'), rdsArn(stack, 'snapshot', '*')],
    }),
    new PolicyStatement({ actions: ['rds:DescribeAccountAttributes'], resources: ['*'] }),
  ];
}

/** The target's half of a restore: only under the prefix, into the drill subnet group, with the site's tag. */
export function restoreCopies(stack: Stack, prefix: string, site: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'RestoreCopies',
      actions: RESTORES,
      resources: [copies(stack, prefix), ...restoreGroups(stack, prefix)],
      conditions: withSiteTag(site),
    }),
    new PolicyStatement({
      sid: 'TagCopies',
      actions: ['rds:AddTagsToResource'],
      resources: [copies(stack, prefix)],
      conditions: withSiteTag(site),
    }),
  ];
}

/** A protected instance and its automated snapshots. */
export function sourceArns(stack: Stack, identifier: string): string[] {
  return [rdsArn(stack, 'db', identifier), automatedSnapshots(stack, identifier)];
}

/** The date's shape keeps out snapshots of an instance whose name merely begins like this one's. */
export function automatedSnapshots(stack: Stack, identifier: string): string {
  return rdsArn(stack, 'snapshot', `rds:${identifier}-20??-??-??-??-??`);
}

/** The source's half of a restore. Granted by the plan. */
export function restoreFrom(arns: string[], site: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'RestoreFrom',
    actions: RESTORES,
    resources: arns,
    conditions: withSiteTag(site),
  });
}

export function openCopies(stack: Stack, prefix: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'OpenCopies',
    actions: ['rds:ModifyDBInstance'],
    resources: [copies(stack, prefix), ...restoreGroups(stack, prefix)],
  });
}

export function removeCopies(stack: Stack, prefix: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'RemoveCopies',
    actions: ['rds:DeleteDBInstance'],
    resources: [copies(stack, prefix)],
  });
}

function withSiteTag(site: string) {
  return { StringEquals: { [`aws:RequestTag/${SITE_TAG}`]: site } };
}
