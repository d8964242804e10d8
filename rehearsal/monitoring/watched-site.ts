import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { MonitorDefinition } from '../../lib/private/contract/monitoring';
import type { Action, Principal, RegisteredSchedule } from '../aws';
import type { DatabaseEngine } from '../database-engine';
import { Functions } from '../functions/functions';
import { assetsFolder } from '../package-root';
import { openAws, type AwsOfSite } from '../rehearse/aws';
import { ACCOUNT, PATIENCE } from '../rehearse/settings';
import { deploymentsOf } from '../rehearse/sites';
import { environment } from '../rehearse/site';
import type { Deployment } from '../template/deployment';
import { looker, LOOKER } from './looker';
import { FastClock, SCALE, scaled } from './time-scale';

export interface WatchedSiteOptions {
  readonly engine: DatabaseEngine;
  /** Scratch folder: buckets and logs. */
  readonly folder: string;
  /** The cloud assembly to deploy; default: the packed example. */
  readonly cloudAssembly?: string;
  readonly stack?: string;
  readonly region?: string;
  /** Who else calls, by access key. */
  readonly callers?: ReadonlyMap<string, Principal>;
}

/** How often archived log makes newer moments restorable on AWS, seconds. */
const LAG_SECONDS = 300;

/** No drills and no sweeper run here, so nobody measures what these alarms are about. */
const OF_DRILLS = new Set(['DrillAgeRatio', 'Leftovers']);

/** A site whose monitors run as their schedules say, with alarms that hear of it and people who are told; time is shorter. */
export class WatchedSite {
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly running = new Set<Promise<unknown>>();
  private evaluated: Promise<unknown> = Promise.resolve();
  private closed = false;
  /** What functions failed with. */
  readonly failures: string[] = [];

  private constructor(
    readonly deployment: Deployment,
    readonly account: AwsOfSite,
    private readonly elsewhere: readonly AwsOfSite[],
    /** What the monitors are told here. */
    readonly definitions: readonly MonitorDefinition[],
    private readonly functions: Functions,
    private readonly clock: FastClock,
  ) {}

  static async open(options: WatchedSiteOptions): Promise<WatchedSite> {
    const cloudAssembly = options.cloudAssembly ?? path.join(assetsFolder(), 'example');
    const stack = options.stack ?? 'RecoverableExample';
    const place = { stack, region: options.region ?? 'eu-west-1', account: ACCOUNT };
    const deployments = deploymentsOf(cloudAssembly, place);
    const deployment = deployments.at(-1)!;
    const logs = path.join(options.folder, 'logs');
    await mkdir(logs, { recursive: true });

    const clock = new FastClock(SCALE);
    const definitions: MonitorDefinition[] = [];
    const later: { site?: WatchedSite } = {};
    const elsewhere: AwsOfSite[] = [];
    // Of the other Regions the monitor asks, and nothing of theirs runs here.
    for (const there of deployments.slice(0, -1)) {
      const folder = path.join(options.folder, 'elsewhere', there.place.stack);
      const silent = { alarms: () => false, invoke: async () => undefined };
      elsewhere.push(
        await openAws({
          deployment: there,
          engine: options.engine,
          faults: {},
          folder,
          elsewhere: [...elsewhere],
          ...silent,
        }),
      );
    }
    const account = await openAws({
      deployment,
      engine: options.engine,
      faults: {},
      folder: path.join(options.folder, 'buckets'),
      elsewhere,
      invoke: async (name, payload) => later.site?.functions.invoke(name, JSON.parse(payload)),
      lagSeconds: LAG_SECONDS / SCALE,
      alarmClock: clock.now,
      alarms: ({ watched }) => !watched.some(({ metric }) => OF_DRILLS.has(metric.name)),
      act: (action) => later.site?.act(action) ?? Promise.resolve(),
      adjust: (schedule) => shorter(schedule, definitions),
      callers: new Map([[LOOKER, looker(deployment)], ...(options.callers ?? [])]),
    });
    const functions = new Functions({
      deployment,
      cloudAssembly,
      bootstrap: path.join(assetsFolder(), 'command', 'bootstrap.mjs'),
      logs,
      environment: (deployed) =>
        environment(deployed, account.aws, { engine: options.engine, patience: PATIENCE }, place.region),
      onLine: (line) => account.cloudWatch.ingest(clock.line(line), clock.now()),
    });
    return (later.site = new WatchedSite(deployment, account, elsewhere, definitions, functions, clock));
  }

  /** Lets the schedules of the monitors start: what runs at a rate runs at once. Alarms are evaluated every minute. */
  begin(): void {
    this.clock.begin();
    const { arn, name } = this.deployment.one('AWS::Lambda::Function', 'MonitorFunction');
    for (const definition of this.definitions) {
      const run = async () => {
        const { functionError, payload } = await this.functions.invoke(arn, definition);
        this.account.cloudWatch.invoked(name, functionError !== undefined, this.clock.now());
        if (functionError) this.failures.push(`the monitor: ${payload}`);
      };
      this.every(definition.everySeconds, run);
    }
    this.every(60 / SCALE, () => this.evaluate());
  }

  /** How clients find this account, as somebody with the rights of the example. */
  get client() {
    const credentials = { accessKeyId: LOOKER, secretAccessKey: LOOKER };
    return { region: this.deployment.place.region, endpoint: this.account.aws.url, credentials };
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.functions.close();
    await Promise.all([...this.running]);
    for (const one of [this.account, ...this.elsewhere]) {
      await one.rds.close();
      await one.aws.close();
    }
  }

  private every(seconds: number, work: () => Promise<unknown>): void {
    const run = () => {
      // What an end in the middle breaks is no news.
      const running = work().catch((error: Error) => void (this.closed || this.failures.push(error.message)));
      this.running.add(running);
      void running.finally(() => this.running.delete(running));
    };
    run();
    this.timers.push(setInterval(run, seconds * 1000));
  }

  /** One after the other: what an alarm sets off may take longer than a minute there. */
  private evaluate(): Promise<unknown> {
    this.evaluated = this.evaluated.then(() => this.account.cloudWatch.advance(this.clock.now()));
    return this.evaluated;
  }

  private async act({ kind, arn, payload }: Action): Promise<void> {
    if (kind === 'topic') return this.account.sns.accept(arn, payload);
    const answer = await this.functions.invoke(arn, payload);
    if (answer.functionError) this.failures.push(`what an alarm calls: ${answer.payload}`);
  }
}

/** A monitor's schedule is told shorter spans; all others stay as they are. */
function shorter(schedule: RegisteredSchedule, definitions: MonitorDefinition[]): RegisteredSchedule {
  const input = JSON.parse(schedule.target.input ?? '{}') as Partial<MonitorDefinition>;
  if (input.schema !== 'cdk-recoverable/monitor/v1') return schedule;
  const definition = scaled(input as MonitorDefinition, SCALE);
  definitions.push(definition);
  return { ...schedule, target: { ...schedule.target, input: JSON.stringify(definition) } };
}
