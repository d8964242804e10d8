import { randomUUID } from 'node:crypto';
import type { AwsOfSite } from '../../rehearsal/rehearse/aws';
import type { Job } from './nature';
import { nextOf } from './schedule';
import type { Simulation } from './simulation';
import { DAY, MINUTE } from './timeline';

interface Rule {
  readonly RuleName: string;
  readonly TargetBackupVault: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly StartWindowMinutes: number;
  readonly Lifecycle?: { readonly DeleteAfterDays?: number };
  readonly CopyActions?: readonly {
    readonly DestinationBackupVaultArn: string;
    readonly Lifecycle?: { readonly DeleteAfterDays?: number };
  }[];
}

/** What AWS Backup does by the backup plans of the template: recovery points, their copies, and their end. */
export class BackupPlans {
  /** @param works whether a job does what it is for, if it is due now */
  constructor(
    private readonly simulation: Simulation,
    private readonly works: (job: Omit<Job, 'at'>) => boolean,
  ) {}

  begin(): void {
    const { app, timeline, random } = this.simulation;
    for (const { properties } of app.deployment.all('AWS::Backup::BackupSelection')) {
      const { Resources, IamRoleArn } = properties.BackupSelection as { Resources: string[]; IamRoleArn: string };
      const plan = app.deployment.all('AWS::Backup::BackupPlan').find(({ name }) => name === properties.BackupPlanId)!;
      const rules = (plan.properties.BackupPlan as { BackupPlanRule: Rule[] }).BackupPlanRule;
      for (const rule of rules) {
        timeline.repeat(nextOf(rule.ScheduleExpression, rule.ScheduleExpressionTimezone), (at) => {
          if (rules.some((other) => keepsLonger(other, rule) && isDue(other, at))) return;
          for (const arn of Resources) {
            timeline.after(random() * (rule.StartWindowMinutes - 1) * MINUTE, () => this.backUp(arn, rule, IamRoleArn));
          }
        });
      }
    }
    timeline.repeat(nextOf('rate(1 day)', 'UTC', timeline.now.getTime()), () => this.expire());
  }

  /** A backup takes 5 to 40 minutes, and each copy of it as long again. */
  private backUp(resourceArn: string, rule: Rule, roleArn: string): void {
    const { app, timeline, random } = this.simulation;
    const { home, there } = app;
    const database = resourceArn.split(':')[6];
    if (!this.works({ kind: 'recovery-point', database, rule: rule.RuleName })) return;
    const vaultArn = home.backup.vaults.find(({ name }) => name === rule.TargetBackupVault)!.arn;
    const common = { resourceArn, roleArn, createdAt: timeline.now, status: 'COMPLETED' as const };
    const takes = () => (5 + random() * 35) * MINUTE;
    timeline.after(takes(), () => {
      this.keep(home, { ...common, vaultArn, deleteAfterDays: rule.Lifecycle?.DeleteAfterDays });
      for (const { DestinationBackupVaultArn: toArn, Lifecycle } of rule.CopyActions ?? []) {
        if (!this.works({ kind: 'copy', database, rule: rule.RuleName })) continue;
        const copied = { vaultArn: toArn, copiedFrom: vaultArn, deleteAfterDays: Lifecycle?.DeleteAfterDays };
        timeline.after(takes(), () => this.keep(there!, { ...common, ...copied }));
      }
    });
  }

  private keep({ backup, region }: AwsOfSite, point: Omit<Parameters<typeof backup.keep>[0], 'arn' | 'vault'>): void {
    const arn = `arn:aws:rds:${region[0]}:111122223333:snapshot:awsbackup:job-${randomUUID()}`;
    backup.keep({ ...point, arn, vault: point.vaultArn.split(':')[6], completedAt: this.simulation.timeline.now });
    this.simulation.runs.somethingRenewed();
  }

  private expire(): void {
    const { app, timeline } = this.simulation;
    const now = timeline.now.getTime();
    for (const account of [app.home, app.there]) {
      account?.backup.forget(
        ({ createdAt, deleteAfterDays = Infinity }) => createdAt.getTime() + deleteAfterDays * DAY < now,
      );
    }
  }
}

/** Where several are due at one time, AWS Backup keeps the longest alone. */
function keepsLonger(one: Rule, other: Rule): boolean {
  return (one.Lifecycle?.DeleteAfterDays ?? Infinity) > (other.Lifecycle?.DeleteAfterDays ?? Infinity);
}

function isDue({ ScheduleExpression, ScheduleExpressionTimezone }: Rule, at: Date): boolean {
  const next = nextOf(ScheduleExpression, ScheduleExpressionTimezone)(new Date(at.getTime() - 1));
  return next.getTime() === at.getTime();
}
