import { Lazy, Stack } from 'aws-cdk-lib';
import {
  BackupPlan,
  type BackupPlanCopyActionProps,
  BackupPlanRule,
  CfnBackupSelection,
  type IBackupVault,
} from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { BackupTiers } from '../../backup/backup-tiers';

type Tier = ReturnType<BackupTiers['_render']>[number];

/** How many ARNs a selection takes. */
const SELECTABLE = 500;

/** An AWS Backup plan with a rule for each tier. */
export function backupPlan(
  scope: Construct,
  planName: string,
  tiers: readonly Tier[],
  vault: IBackupVault,
  copies: (tier: Tier) => BackupPlanCopyActionProps[] | undefined = () => undefined,
): BackupPlan {
  return new BackupPlan(scope, 'Plan', {
    // AWS Backup may take two plans of one name and the same rules for one plan, and refuse the second.
    backupPlanName: `${planName.slice(0, 41)}-${scope.node.addr.slice(-8)}`,
    backupVault: vault,
    backupPlanRules: tiers.map(
      (tier) =>
        new BackupPlanRule({
          ruleName: tier.name,
          scheduleExpression: Schedule.expression(tier.schedule),
          scheduleExpressionTimezone: tier.timeZone,
          startWindow: tier.startWindow,
          completionWindow: tier.completionWindow,
          deleteAfter: tier.retention,
          copyActions: copies(tier),
          // Nothing where it is not: a rule that says so would differ from what is deployed.
          enableContinuousBackup: tier.continuous || undefined,
        }),
    ),
  });
}

/** What AWS Backup works under for one plan. */
export function backupRole(scope: Construct, description: string): Role {
  return new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('backup.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    description,
  });
}

/** Names each resource by its ARN. */
export function backupSelection(
  scope: Construct,
  planName: string,
  plan: BackupPlan,
  role: Role,
  arns: readonly string[],
): CfnBackupSelection {
  const selection = new CfnBackupSelection(scope, 'Selection', {
    backupPlanId: plan.backupPlanId,
    backupSelection: {
      selectionName: planName.slice(0, 50),
      iamRoleArn: role.roleArn,
      resources: Lazy.list({ produce: () => [...arns] }),
    },
  });
  // A job that starts before its role may do anything fails for a day.
  selection.node.addDependency(role);
  scope.node.addValidation({ validate: () => selectable(planName, arns.length) });
  return selection;
}

function selectable(planName: string, count: number): string[] {
  if (count <= SELECTABLE) return [];
  return [`plan ${planName} backs up ${count} resources, and AWS Backup selects at most ${SELECTABLE}: use two plans`];
}
