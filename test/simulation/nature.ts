import { randomUUID } from 'node:crypto';
import { keys } from '../../lambda/shared/keys';
import type { DrillDefinition } from '../../lib/private/contract/drill';
import { BackupPlans } from './backup-plans';
import { nextOf } from './schedule';
import type { Simulation } from './simulation';
import { DAY, MINUTE } from './timeline';

/** One job that AWS is about to run for a database. */
export interface Job {
  readonly kind: 'snapshot' | 'recovery-point' | 'copy' | 'drill';
  readonly database: string;
  readonly rule?: string;
  readonly at: Date;
}

export interface Database {
  readonly identifier: string;
  /** Start of its backup window, UTC; it is half an hour long. */
  readonly window?: string;
  /** Stopped every day from one time to another, UTC. */
  readonly stopped?: { readonly from: string; readonly to: string };
}

/** RDS ships transaction logs every five minutes, and needs a moment for that. */
const SHIPPED_EVERY = 5 * MINUTE;
const SHIPPING = MINUTE;

/** What happens by itself, day after day: points in time, automated snapshots, what AWS Backup takes and copies, drills that pass. */
export class Nature {
  /** Jobs that fail, and leave nothing behind. */
  fails: (job: Job) => boolean = () => false;
  readonly failed: Job[] = [];
  /** Databases of which no more log is shipped. */
  readonly stuck = new Set<string>();
  private readonly stopped = new Set<string>();

  constructor(
    private readonly simulation: Simulation,
    private readonly databases: readonly Database[],
  ) {}

  async begin(): Promise<void> {
    const { app, runs } = this.simulation;
    for (const { identifier, window = '03:00', stopped } of this.databases) {
      await app.home.rds.adoptSource({ identifier, database: await app.engine.create() });
      this.daily(window, 30, () => this.snapshot(identifier));
      if (stopped) {
        this.daily(stopped.from, 1, () => this.setStopped(identifier, true));
        this.daily(stopped.to, 1, () => this.setStopped(identifier, false));
      }
    }
    new BackupPlans(this.simulation, (job) => this.works(job)).begin();
    this.beginDrills();
    runs.before = () => this.ship();
  }

  /** Every database was drilled the day before. */
  proveAll(): void {
    const at = new Date(this.simulation.timeline.now.getTime() - DAY);
    for (const { identifier } of this.databases) this.pass(`Plan/${identifier}`, at);
  }

  /** Another database takes over the name of one, as a blue/green switch ends: its backups begin anew. */
  async switchOver(identifier: string): Promise<void> {
    const { rds } = this.simulation.app.home;
    const dbiResourceId = `db-${randomUUID().replace(/-/g, '').toUpperCase().slice(0, 26)}`;
    rds.change(identifier, { dbiResourceId, backups: [], latestRestorableTime: undefined });
    await rds.backUp(identifier);
    this.simulation.runs.somethingHappened();
  }

  private setStopped(identifier: string, stopped: boolean): void {
    this.simulation.app.home.rds.change(identifier, { status: stopped ? 'stopped' : 'available' });
    if (stopped) this.stopped.add(identifier);
    else this.stopped.delete(identifier);
    this.simulation.runs.somethingHappened();
  }

  /** What has been shipped by now can be restored. */
  private ship(): void {
    const { app, timeline } = this.simulation;
    const time = Math.floor((timeline.now.getTime() - SHIPPING) / SHIPPED_EVERY) * SHIPPED_EVERY;
    for (const { identifier } of this.databases) {
      if (this.stopped.has(identifier) || this.stuck.has(identifier)) continue;
      app.home.rds.change(identifier, { latestRestorableTime: new Date(time) });
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
    if (!this.works({ kind: 'snapshot', database: identifier })) return;
    await this.simulation.app.home.rds.backUp(identifier);
    this.simulation.runs.somethingRenewed();
  }

  /** Nothing can be taken of what is stopped. */
  private works(job: Omit<Job, 'at'>): boolean {
    const asked = { ...job, at: this.simulation.timeline.now };
    const stopped = job.kind !== 'drill' && this.stopped.has(job.database);
    if (!stopped && !this.fails(asked)) return true;
    this.failed.push(asked);
    return false;
  }

  /** Drills pass within the hour. */
  private beginDrills(): void {
    const { app, timeline, random } = this.simulation;
    for (const { properties } of app.deployment.all('AWS::Scheduler::Schedule')) {
      const { Input } = properties.Target as { Input?: string };
      const { definition } = JSON.parse(Input ?? '{}') as { definition?: DrillDefinition };
      if (!definition) continue;
      const { name, identifier } = definition.resource;
      const zone = properties.ScheduleExpressionTimezone as string | undefined;
      timeline.repeat(nextOf(String(properties.ScheduleExpression), zone), () => {
        if (!this.works({ kind: 'drill', database: identifier })) return;
        timeline.after((15 + random() * 45) * MINUTE, (at) => this.pass(name, at));
      });
    }
  }

  private pass(name: string, at: Date): void {
    this.simulation.write(keys.lastPassed(name), { drillId: '0', at: at.toISOString() });
    this.simulation.runs.somethingRenewed();
  }
}
