import type { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { copies, restoreGroups, secrets } from './arns';
import { ownSnapshots } from './snapshots';

/**
 * Whatever changes, shares, hides or removes. Restores are missing on purpose: AWS authorises them on the source as well,
 * so a Deny of them would stop every drill.
 */
const CHANGES = [
  'rds:Add*',
  'rds:Delete*',
  'rds:Failover*',
  'rds:Modify*',
  'rds:Promote*',
  'rds:Reboot*',
  'rds:Remove*',
  'rds:Reset*',
  'rds:Start*',
  'rds:Stop*',
  'rds:Switchover*',
  'secretsmanager:Delete*',
  'secretsmanager:Put*',
  'secretsmanager:Replicate*',
  'secretsmanager:Rotate*',
  'secretsmanager:Tag*',
  'secretsmanager:Untag*',
  'secretsmanager:Update*',
];

/** The boundary: whatever else a role is ever granted, it changes no database and no secret outside the site's prefix. */
export function denyOutside(stack: Stack, prefix: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'NothingOutsideThePrefix',
    effect: Effect.DENY,
    actions: CHANGES,
    notResources: [
      copies(stack, prefix),
      ...ownSnapshots(stack, prefix),
      ...restoreGroups(stack, prefix),
      secrets(stack, prefix),
    ],
  });
}
