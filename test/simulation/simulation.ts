import type { ResourceReport } from '../../lib/private/contract/monitoring';
import type { Action, Published, Transition } from '../../rehearsal/aws';
import type { SimulatedApp } from './app';
import { chance } from './chance';
import { deploy, type DeployedApp } from './deployed-app';
import { SimulatedFunctions } from './functions';
import { MonitorRuns } from './monitor-runs';
import { Timeline } from './timeline';

export interface SimulationOptions extends SimulatedApp {
  readonly start: string;
  /**
   * Hours that may go without a real run of the monitor, as long as nothing happens and nothing is near an alarm: what it would
   * have published is reckoned, and held against what the next run publishes. Default 0: every run is real.
   */
  readonly quietHours?: number;
}

/** One change of an alarm's state. */
export interface Changed {
  readonly alarm: string;
  readonly to: string;
  readonly at: Date;
  readonly reason: string;
}

/**
 * A deployed app in an account whose time passes as fast as it can: schedules and alarms are those of its template, functions its
 * bundles in their own processes, calls real HTTP under the roles of the template.
 */
export class Simulation {
  readonly random = chance(7);
  readonly functions: SimulatedFunctions;
  readonly runs: MonitorRuns;
  private readonly stateBucket: string;

  private constructor(
    readonly timeline: Timeline,
    readonly app: DeployedApp,
    quietHours: number,
  ) {
    this.functions = new SimulatedFunctions(app);
    this.runs = new MonitorRuns(this, quietHours);
    this.stateBucket = app.deployment.one('AWS::S3::Bucket', 'StateBucket').name;
  }

  static async open({ start, quietHours = 0, ...options }: SimulationOptions): Promise<Simulation> {
    const timeline = new Timeline(new Date(start));
    const later: { simulation?: Simulation } = {};
    const app = await deploy(options, timeline.clock, async (...done) => later.simulation?.act(...done));
    const simulation = (later.simulation = new Simulation(timeline, app, quietHours));
    simulation.runs.start();
    return simulation;
  }

  /** Lets time pass. */
  async until(time: string | Date): Promise<void> {
    await this.timeline.until(new Date(time));
    await this.app.home.cloudWatch.advance(this.timeline.now);
  }

  /** What alarms did whose name holds a word, oldest first. */
  history(word: string): Changed[] {
    return this.app.home.cloudWatch.history
      .filter(({ alarm }) => alarm.name.includes(word))
      .map(({ alarm, to, at }) => ({ alarm: alarm.name, to: to.value, at, reason: to.reason }));
  }

  /** What an alarm of a resource did. */
  historyOf(identifier: string, alarm = 'Recoverable'): Changed[] {
    return this.history(`Plan${logical(identifier)}${alarm}`);
  }

  /** Times at which an alarm of a resource was raised. */
  raised(identifier: string, alarm = 'Recoverable'): Date[] {
    return this.historyOf(identifier, alarm)
      .filter(({ to }) => to === 'ALARM')
      .map(({ at }) => at);
  }

  /** Resources of which an alarm was raised, once for each time. */
  raisedAtAll(databases: readonly string[], alarm = 'Recoverable'): string[] {
    return databases.flatMap((identifier) => this.raised(identifier, alarm).map(() => identifier));
  }

  /** What the last run of the monitor saw of a resource. */
  seen(identifier: string): ResourceReport {
    return this.runs.report!.resources.find((one) => one.identifier === identifier)!;
  }

  /** What was published to the topic of an audience. */
  published(topic: 'Pages' | 'Tickets' | 'Digest'): readonly Published[] {
    return this.app.home.sns.published.filter(({ topic: arn }) => arn.includes(`Home-${topic}`));
  }

  /** An object of the state bucket. */
  state<T>(key: string): T | undefined {
    const body = this.app.home.s3.read(this.stateBucket, key);
    return body && (JSON.parse(body.toString('utf8')) as T);
  }

  write(key: string, value: unknown): void {
    this.app.home.s3.put(this.stateBucket, key, JSON.stringify(value));
  }

  async close(): Promise<void> {
    this.functions.close();
    await this.app.close();
  }

  /** Carries out what an alarm sets off. */
  private async act({ kind, arn, payload }: Action, { at }: Transition): Promise<void> {
    if (kind === 'topic') this.app.home.sns.accept(arn, payload);
    else await this.functions.invoke(this.functions.find(arn), payload, at);
  }
}

/** As CDK makes part of a logical id of it. */
function logical(id: string): string {
  return id.replace(/[^A-Za-z0-9]/g, '');
}
