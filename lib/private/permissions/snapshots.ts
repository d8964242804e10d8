import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { rdsArn } from './arns';

/** What the site takes beside drills, by its name. */
function ownSnapshots(stack: Stack, prefix: string): string {
  return rdsArn(stack, 'snapshot', `${prefix}*`);
}

/** RDS authorises the list of an instance's snapshots on the instance and on all snapshots. */
export function listSnapshots(stack: Stack): PolicyStatement {
  return new PolicyStatement({
    actions: ['rds:DescribeDBSnapshots'],
    resources: [rdsArn(stack, 'db', '*'), rdsArn(stack, 'snapshot', '*')],
  });
}

/** The snapshot's half of taking one. */
export function makeSnapshots(stack: Stack, prefix: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'MakeSnapshots',
    actions: ['rds:AddTagsToResource', 'rds:CreateDBSnapshot', 'rds:DescribeDBSnapshots'],
    resources: [ownSnapshots(stack, prefix)],
  });
}

/** The instance's half, granted where a backup of it is declared. */
export function snapshotFrom(stack: Stack, identifier: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['rds:CreateDBSnapshot'],
    resources: [rdsArn(stack, 'db', identifier)],
  });
}

export function removeSnapshots(stack: Stack, prefix: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'RemoveSnapshots',
      actions: ['rds:DeleteDBSnapshot'],
      resources: [ownSnapshots(stack, prefix)],
    }),
    new PolicyStatement({ actions: ['rds:DescribeDBSnapshots'], resources: [rdsArn(stack, 'snapshot', '*')] }),
  ];
}
