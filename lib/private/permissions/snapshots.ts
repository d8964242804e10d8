import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ResourceInventory } from '../contract/inventory';
import { rdsArn } from './arns';

const DESCRIBE = ['rds:DescribeDBClusterSnapshots', 'rds:DescribeDBSnapshots'];

/** What the site takes beside drills, by its name: of instances and of clusters. */
export function ownSnapshots(stack: Stack, prefix: string): string[] {
  return [rdsArn(stack, 'cluster-snapshot', `${prefix}*`), rdsArn(stack, 'snapshot', `${prefix}*`)];
}

/** RDS authorises the list of a database's snapshots on the database and on all snapshots. */
export function listSnapshots(stack: Stack): PolicyStatement {
  const types = ['cluster', 'cluster-snapshot', 'db', 'snapshot'];
  return new PolicyStatement({ actions: DESCRIBE, resources: types.map((type) => rdsArn(stack, type, '*')) });
}

/** The snapshot's half of taking one. */
export function makeSnapshots(stack: Stack, prefix: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'MakeSnapshots',
    actions: ['rds:AddTagsToResource', 'rds:CreateDBClusterSnapshot', 'rds:CreateDBSnapshot', ...DESCRIBE],
    resources: ownSnapshots(stack, prefix),
  });
}

/** The database's half, granted where a backup of it is declared. */
export function snapshotFrom(stack: Stack, kind: ResourceInventory['kind'], identifier: string): PolicyStatement {
  const [action, type] =
    kind === 'db-cluster' ? ['rds:CreateDBClusterSnapshot', 'cluster'] : ['rds:CreateDBSnapshot', 'db'];
  return new PolicyStatement({ actions: [action], resources: [rdsArn(stack, type, identifier)] });
}

export function removeSnapshots(stack: Stack, prefix: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'RemoveSnapshots',
      actions: ['rds:DeleteDBClusterSnapshot', 'rds:DeleteDBSnapshot'],
      resources: ownSnapshots(stack, prefix),
    }),
    new PolicyStatement({
      actions: DESCRIBE,
      resources: [rdsArn(stack, 'cluster-snapshot', '*'), rdsArn(stack, 'snapshot', '*')],
    }),
  ];
}
