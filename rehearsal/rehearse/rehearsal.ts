import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { keys } from '../../lambda/shared/keys';
import type { Patience } from '../../lambda/shared/environment';
import type { Profile } from '../../lib/private/contract/verification';
import type { DatabaseEngine, RunningDatabase } from '../database-engine';
import type { Faults as AwsFaults } from '../aws';
import type { RunningExecution } from '../machine/machine';
import { captureBaseline } from './baseline';
import { requireSource, type Fault } from './faults';
import { filesOf, type FileStore } from './files';
import { phaseOf, type Progress } from './phases';
import type { Scenario } from './scenario/scenario';
import { declaredSettings } from './production';
import { type DrillRecord, recordOf } from './record';
import { PATIENCE } from './settings';
import type { DrillSchedule, RehearsedSite, SiteOptions } from './site';
import { openSites, type OpenedSites } from './sites';

export interface RehearsalOptions extends Pick<SiteOptions, 'cloudAssembly' | 'stack' | 'region'> {
  readonly engine: DatabaseEngine;
  readonly folder: string;
  readonly scenario: Scenario;
  /** The faults that the rehearsed AWS consults; filled in here for one drill at a time. */
  readonly faults: AwsFaults;
  readonly patience?: Readonly<Partial<Patience>>;
  readonly progress: Progress;
  /** Hand the source's exact profile to the drills; default true. Without it they know what a deployed drill knows. */
  readonly baseline?: boolean;
  /** What the drills will suffer, so that one which cannot happen is told before anything is loaded. */
  readonly fault?: Fault;
}

export interface DrillOptions {
  readonly fault?: Fault;
  /** Default true. */
  readonly accident?: boolean;
}

const MASTER = 'postgres_admin';

/** A site, a production database with data in it, and drills: one after the other. */
export class Rehearsal {
  private closed = false;

  private constructor(
    private readonly options: RehearsalOptions,
    private readonly sites: OpenedSites,
    readonly source: RunningDatabase,
    readonly schedule: DrillSchedule,
    private readonly files: FileStore | undefined,
  ) {}

  get site(): RehearsedSite {
    return this.sites.site;
  }

  static async open(options: RehearsalOptions): Promise<Rehearsal> {
    const { engine, scenario, progress } = options;
    progress.begin('Start PostgreSQL');
    const sites = await openSites({ ...options, patience: { ...PATIENCE, ...options.patience } });
    const { site } = sites;
    try {
      const schedule = site.schedules().find((one) => one.definition.drill.includes(scenario.drill));
      if (!schedule) throw new Error(`the template schedules no drill named like ${scenario.drill}`);
      if (options.fault) requireSource(options.fault, schedule.definition);
      const source = await engine.create({
        masterUsername: MASTER,
        masterPassword: randomBytes(18).toString('base64url'),
      });
      progress.detail(`${engine.name} ${engine.version}`);
      const adopt = async () => {
        progress.begin('Back up');
        const { identifier } = schedule.definition.resource;
        await site.account.rds.adoptSource({
          ...declaredSettings(site.deployment, identifier),
          identifier,
          database: source,
        });
        await site.backUp(identifier);
      };
      if (scenario.backUpFirst) await adopt();
      progress.begin('Load the data');
      const detail = (text: string) => progress.detail(text);
      const files = filesOf(sites, schedule.definition);
      detail(await scenario.load(source, engine.certificateAuthority, detail, files));
      if (!scenario.backUpFirst) await adopt();
      return new Rehearsal(options, sites, source, schedule, files);
    } catch (error) {
      await sites.close();
      throw error;
    }
  }

  /** Loses data, drills, and reads the evidence. Without the accident, production stays whole for the next drill. */
  async drill({ fault, accident = true }: DrillOptions = {}): Promise<DrillRecord> {
    this.options.progress.begin('Lose data');
    const disasterAt = await this.loseData(accident, fault);
    this.setFaults(fault);
    if (this.files?.replica) await fault?.replica?.(this.files.replica);
    const running = this.site.drill(this.schedule, disasterAt);
    await this.follow(running, fault);
    const record = recordOf(this.site, this.schedule.definition.resource.name, running);
    if (record.evidence.leftBehind.length > 0) await this.sweep();
    return record;
  }

  /** Ends everything, also in the middle of a drill, which then rejects. */
  async close(): Promise<void> {
    this.closed = true;
    try {
      await this.options.scenario.close();
    } finally {
      await this.sites.close();
      await this.source.destroy();
    }
  }

  private setFaults(fault?: Fault): void {
    const { faults, scenario } = this.options;
    for (const name of Object.keys(faults)) delete faults[name as keyof AwsFaults];
    Object.assign(faults, fault?.aws);
    const damage = fault?.copy;
    if (!damage) return;
    faults.afterRestore = async (copy) => {
      const superuser = await copy.superuser(scenario.database);
      try {
        await damage(superuser, await scenario.tables(copy));
      } finally {
        await superuser.end();
      }
    };
  }

  private async loseData(accident: boolean, fault?: Fault): Promise<Date> {
    const { scenario, progress } = this.options;
    if (fault?.source) {
      const owner = await scenario.owner(this.source);
      try {
        await fault.source(owner, await scenario.tables(this.source));
      } finally {
        await owner.end();
      }
    }
    let baseline: Profile | undefined;
    const capture = async (client?: Client) => {
      if (this.options.baseline === false) return;
      const held = client && { client, database: scenario.database };
      baseline = await captureBaseline(this.source, this.options.engine.certificateAuthority, held);
    };
    const disasterAt = await scenario.lose(accident, capture, this.source);
    const { name, identifier } = this.schedule.definition.resource;
    if (baseline) {
      // Nothing changed between the look and the moment: the profile is the moment's.
      const moment = disasterAt.toISOString();
      const exact = JSON.stringify({ ...baseline, capturedAt: moment });
      this.site.write(this.site.stateBucket(), keys.baseline(name, moment), exact);
    }
    await this.restorable(identifier, disasterAt);
    progress.detail(`${accident ? 'lost right after' : 'nothing lost at'} ${disasterAt.toISOString()}`);
    return disasterAt;
  }

  /** Waits until the moment before the loss can be restored to: archived log lags behind the database. */
  private async restorable(identifier: string, moment: Date): Promise<void> {
    for (;;) {
      const latest = await this.site.account.rds.archiveNow(identifier);
      if (latest && latest.getTime() >= moment.getTime() + 1000) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async follow({ events, ended, abort }: RunningExecution, fault?: Fault): Promise<void> {
    const { progress } = this.options;
    let caught = false;
    for await (const event of events) {
      if (this.closed) break;
      if (event.type !== 'StateEntered' && event.type !== 'StateExited' && event.type !== 'StateCaught') continue;
      const phase = phaseOf(event.state.name);
      if (!phase) continue;
      // Why a state failed is known to the one that catches it.
      if (event.type === 'StateEntered' && caught) progress.failed(failureIn(event.state.input));
      if (event.type === 'StateEntered') progress.begin(phase);
      if (event.type === 'StateExited') progress.detail(said(event.state.output));
      caught = event.type === 'StateCaught';
      if (fault?.stopped && event.type === 'StateEntered' && event.state.name === 'Wait') abort();
    }
    await ended;
  }

  /** What a stopped drill left behind is the sweeper's, once its time to live is over. */
  private async sweep(): Promise<void> {
    const { progress } = this.options;
    progress.begin('Sweep');
    const patience = { ...PATIENCE, ...this.options.patience };
    const deadline = Date.now() + (patience.ttl + patience.teardown) * 1000;
    while (this.left().length > 0) {
      if (Date.now() > deadline) throw new Error(`the sweeper left ${this.left().join(', ')}`);
      const { removed } = await this.site.sweep();
      if (removed.length > 0) progress.detail(`removed ${removed.join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** Everything in the account that is not production. */
  left(): string[] {
    return this.site.left(this.schedule.definition.resource.identifier);
  }
}

function failureIn(input: unknown): string {
  const { failure } = input as { readonly failure?: { readonly Error?: string } };
  return failure?.Error === undefined ? 'failed' : `failed: ${failure.Error}`;
}

/** The newest facts of a state's output, in a few words for a person who watches. */
function said(output: unknown): string {
  const state = output as Record<string, Record<string, unknown>>;
  if (state.evidence) return String(state.evidence.verdict);
  if (state.teardown) return state.teardown.gone ? 'gone' : 'waiting until it stays gone';
  if (state.verification) return `round ${String(state.verification.round)}`;
  if (state.access) return state.access.open ? 'open' : 'waiting for the new password';
  if (state.instance) return String(state.instance.status);
  if (state.source) return `${String(state.source.kind)} ${String(state.source.restorePoint)}`;
  return state.drill ? `drill ${String(state.drill.id)}` : '';
}
