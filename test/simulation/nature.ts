import { randomUUID } from 'node:crypto';
import type { AwsOfSite } from '../../rehearsal/rehearse/aws';
import { nextOf } from './schedule';
import type { Simulation } from './simulation';
import { DAY, MINUTE } from './timeline';

/** One job that AWS is about to run for a database. */
export interface Job {
  readonly kind: 'snapshot' | 'recovery-point' | 'copy';
  readonly database: string;
  readonly rule?: string;
  readonly at: Date;
}

export interface Database {
  readonly identifier: string;
  /** Start of its backup window, UTC; it is half an hour long. */
  readonly window?: string;
  readonly retentionDays?: number;
  /** Stopped every day from one time to another, UTC. */
  readonly stopped?: { readonly from: string; readonly to: string };
}

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

/** RDS ships transaction logs every five minutes, and needs a moment for that. */
const SHIPPED_EVERY = 5 * MINUTE;
const SHIPPING = MINUTE;

/** What RDS and AWS Backup do by themselves, day after day: points in time, automated snapshots, recovery points, copies. */
export class Nature {
  /** Jobs that fail, and leave nothing behind. */
  fails: (job: Job) => boolean = () => false;
  readonly failed: Job[] = [];
  /** Databases of which no more log is shipped. */
  readonly stuck = new Set<string>();
  private readonly shippedUntil = new Map<string, Date>();
  private readonly stopped = new Set<string>();

  constructor(
    private readonly simulation: Simulation,
    private readonly databases: readonly Database[],
  ) {}

  async begin(): Promise<void> {
    const { home, timeline } = this.simulation;
    for (const { identifier, retentionDays, window = '03:00', stopped } of this.databases) {
      const database = await this.simulation.engine.create();
      await home.rds.adoptSource({ identifier, database, backupRetentionPeriod: retentionDays ?? 7 });
      this.daily(window, 30, () => this.snapshot(identifier));
      if (stopped) {
        this.daily(stopped.from, 1, () => this.setStopped(identifier, true));
        this.daily(stopped.to, 1, () => this.setStopped(identifier, false));
      }
    }
    this.beginBackupPlans();
    timeline.repeat(nextOf('rate(1 day)', 'UTC', timeline.now.getTime()), () => this.expire());
    this.simulation.beforeRun = () => this.ship();
  }

  /** Another database takes over the name of one, as a blue/green switch ends: its backups begin anew. */
  async switchOver(identifier: string): Promise<void> {
    const now = this.simulation.timeline.now;
    const dbiResourceId = `db-${randomUUID().replace(/-/g, '').toUpperCase().slice(0, 26)}`;
    this.simulation.home.rds.change(identifier, { dbiResourceId, backups: [], latestRestorableTime: undefined });
    this.shippedUntil.set(identifier, now);
    await this.simulation.home.rds.backUp(identifier);
  }

  setStopped(identifier: string, stopped: boolean): void {
    this.simulation.home.rds.change(identifier, { status: stopped ? 'stopped' : 'available' });
    if (stopped) this.stopped.add(identifier);
    else this.stopped.delete(identifier);
  }

  /** What has been shipped by now can be restored. */
  private ship(): void {
    const { home, timeline } = this.simulation;
    const time = Math.floor((timeline.now.getTime() - SHIPPING) / SHIPPED_EVERY) * SHIPPED_EVERY;
    for (const { identifier, retentionDays } of this.databases) {
      if (retentionDays === 0 || this.stopped.has(identifier) || this.stuck.has(identifier)) continue;
      if (!home.rds.instances.some((one) => one.identifier === identifier)) continue;
      home.rds.change(identifier, { latestRestorableTime: new Date(time) });
    }
  }

  private daily(at: string, withinMinutes: number, action: () => Promise<void> | void): void {
    const { timeline, random } = this.simulation;
    const [hour, minute] = at.split(':').map(Number);
    timeline.repeat(nextOf(`cron(${minute} ${hour} ? * * *)`), () =>
      timeline.after(random() * withinMinutes * MINUTE, action),
    );
  }

  private async snapshot(identifier: string): Promise<void> {
    const retention = this.databases.find((one) => one.identifier === identifier)?.retentionDays ?? 7;
    if (retention === 0 || !this.works({ kind: 'snapshot', database: identifier })) return;
    await this.simulation.home.rds.backUp(identifier);
  }

  private works(job: Omit<Job, 'at'>): boolean {
    const asked = { ...job, at: this.simulation.timeline.now };
    if (!this.stopped.has(job.database) && !this.fails(asked)) return true;
    this.failed.push(asked);
    return false;
  }

  /** The backup plans of the template, for what they select. */
  private beginBackupPlans(): void {
    const { deployment, timeline, random } = this.simulation;
    for (const { properties } of deployment.all('AWS::Backup::BackupSelection')) {
      const { Resources, IamRoleArn } = properties.BackupSelection as { Resources: string[]; IamRoleArn: string };
      const plan = deployment.all('AWS::Backup::BackupPlan').find(({ name }) => name === properties.BackupPlanId)!;
      const rules = (plan.properties.BackupPlan as { BackupPlanRule: Rule[] }).BackupPlanRule;
      for (const rule of rules) {
        const next = nextOf(rule.ScheduleExpression, rule.ScheduleExpressionTimezone);
        timeline.repeat(next, (at) => {
          if (rules.some((other) => keepsLonger(other, rule) && isDue(other, at))) return;
          for (const arn of Resources) {
            timeline.after(random() * (rule.StartWindowMinutes - 1) * MINUTE, () => this.backUp(arn, rule, IamRoleArn));
          }
        });
      }
    }
  }

  /** A backup takes 5 to 40 minutes, and each copy of it as long again. */
  private backUp(resourceArn: string, rule: Rule, roleArn: string): void {
    const { home, there, timeline, random } = this.simulation;
    const database = resourceArn.split(':')[6];
    if (!this.works({ kind: 'recovery-point', database, rule: rule.RuleName })) return;
    const createdAt = timeline.now;
    const vaultArn = home.backup.vaults.find(({ name }) => name === rule.TargetBackupVault)!.arn;
    const takes = () => (5 + random() * 35) * MINUTE;
    const made = { vault: rule.TargetBackupVault, vaultArn, resourceArn, roleArn, createdAt };
    timeline.after(takes(), () => {
      const point = { ...made, arn: pointArn(home), deleteAfterDays: rule.Lifecycle?.DeleteAfterDays };
      home.backup.keep({ ...point, status: 'COMPLETED', completedAt: timeline.now });
      for (const { DestinationBackupVaultArn: toArn, Lifecycle } of rule.CopyActions ?? []) {
        if (!this.works({ kind: 'copy', database, rule: rule.RuleName })) continue;
        timeline.after(takes(), () =>
          there!.backup.keep({
            ...point,
            arn: pointArn(there!),
            vault: toArn.split(':')[6],
            vaultArn: toArn,
            copiedFrom: vaultArn,
            deleteAfterDays: Lifecycle?.DeleteAfterDays,
            status: 'COMPLETED',
            completedAt: timeline.now,
          }),
        );
      }
    });
  }

  private expire(): void {
    const { home, there, timeline } = this.simulation;
    for (const account of [home, there]) {
      account?.backup.forget(
        ({ createdAt, deleteAfterDays = Infinity }) =>
          createdAt.getTime() + deleteAfterDays * DAY < timeline.now.getTime(),
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

function pointArn({ region }: AwsOfSite): string {
  return `arn:aws:rds:${region[0]}:111122223333:snapshot:awsbackup:job-${randomUUID()}`;
}
