import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Action, Faults, Transition } from '../../rehearsal/aws';
import { openAws, type AwsOfSite } from '../../rehearsal/rehearse/aws';
import { Deployment, type Deployed } from '../../rehearsal/template/deployment';
import { readTemplate } from '../../rehearsal/template/template';
import { ELSEWHERE, HOME, synthesize, type SimulatedApp } from './app';
import { chance } from './chance';
import { simulatedEngine } from './engine';
import { nextOf } from './schedule';
import { SimulatedFunction, type SimulatedAnswer } from './simulated-function';
import { Timeline } from './timeline';

const ACCOUNT = '111122223333';

/** Functions that run when their schedules or alarms say so; of the others nothing is simulated. */
const SIMULATED = ['Monitor', 'Notify'];

/** Moments become restorable when the simulation says so. */
const NEVER = 1_000_000;

/** How late within its minute a schedule starts something, at most. */
const LATE = 50_000;

export interface SimulationOptions extends SimulatedApp {
  readonly start: string;
}

/**
 * A deployed app in an account whose time passes as fast as it can: schedules and alarms are those of its template, functions its
 * bundles in their own processes, calls real HTTP under the roles of the template.
 */
export class Simulation {
  readonly faults: Faults = {};
  readonly random = chance(7);
  private readonly functions = new Map<string, SimulatedFunction>();
  /** What failed, of functions that somebody or something ran. */
  readonly failures: { readonly at: Date; readonly function: string; readonly said: string }[] = [];
  runs = 0;

  private constructor(
    readonly timeline: Timeline,
    readonly home: AwsOfSite,
    readonly deployment: Deployment,
    readonly there: AwsOfSite | undefined,
    private readonly folder: string,
    private readonly cloudAssembly: string,
    readonly engine: ReturnType<typeof simulatedEngine>,
  ) {}

  /** What becomes of the account before a function looks at it. */
  beforeRun: () => void = () => undefined;

  static async open({ start, ...app }: SimulationOptions): Promise<Simulation> {
    const cloudAssembly = synthesize(app);
    const timeline = new Timeline(new Date(start));
    const engine = simulatedEngine(timeline.clock);
    const folder = mkdtempSync(path.join(tmpdir(), 'simulation-'));
    const later: { simulation?: Simulation } = {};
    const deploy = async (stack: string, region: string, elsewhere: readonly (readonly [Deployment, AwsOfSite])[]) => {
      const template = readTemplate(path.join(cloudAssembly, `${stack}.template.json`));
      const place = { stack, region, account: ACCOUNT };
      const deployment = new Deployment(
        template,
        place,
        elsewhere.map(([one]) => one),
      );
      const account = await openAws({
        deployment,
        engine,
        faults: {},
        folder: path.join(folder, region),
        invoke: async () => undefined,
        elsewhere: elsewhere.map(([, one]) => one),
        clock: timeline.clock,
        lagSeconds: NEVER,
        act: async (action, transition) => later.simulation?.act(action, transition),
      });
      return [deployment, account] as const;
    };
    const there = app.regionLossRpo ? await deploy('There', ELSEWHERE, []) : undefined;
    const [deployment, home] = await deploy('Home', HOME, there ? [there] : []);
    const simulation = new Simulation(timeline, home, deployment, there?.[1], folder, cloudAssembly, engine);
    later.simulation = simulation;
    simulation.startSchedules();
    return simulation;
  }

  /** Lets time pass. */
  async until(time: string | Date): Promise<void> {
    await this.timeline.until(new Date(time));
    await this.home.cloudWatch.advance(this.timeline.now);
  }

  /** Schedules that run one of the simulated functions. */
  schedules(): Deployed[] {
    const arns = SIMULATED.flatMap((word) => this.functionsNamed(word)).map(({ arn }) => arn);
    return this.deployment
      .all('AWS::Scheduler::Schedule')
      .filter(({ properties }) => arns.includes((properties.Target as { Arn: string }).Arn));
  }

  readonly disabled = new Set<string>();

  /** What alarms did, oldest first: all, or those whose name holds a word. */
  history(word = ''): { readonly alarm: string; readonly to: string; readonly at: Date; readonly reason: string }[] {
    return this.home.cloudWatch.history
      .filter(({ alarm }) => alarm.name.includes(word))
      .map(({ alarm, to, at }) => ({ alarm: alarm.name, to: to.value, at, reason: to.reason }));
  }

  /** An object of the state bucket. */
  state<T>(key: string): T | undefined {
    const body = this.home.s3.read(this.stateBucket, key);
    return body && (JSON.parse(body.toString('utf8')) as T);
  }

  write(key: string, value: unknown): void {
    this.home.s3.put(this.stateBucket, key, JSON.stringify(value));
  }

  async close(): Promise<void> {
    for (const one of this.functions.values()) one.close();
    for (const account of [this.home, this.there]) {
      await account?.rds.close();
      await account?.aws.close();
    }
    rmSync(this.folder, { recursive: true, force: true });
    expect(this.home.aws.problems).toEqual([]);
  }

  async invoke(deployed: Deployed, event: unknown, at: Date): Promise<SimulatedAnswer> {
    let process = this.functions.get(deployed.name);
    if (!process) this.functions.set(deployed.name, (process = this.start(deployed)));
    const answer = await process.invoke(event, at);
    const { cloudWatch } = this.home;
    cloudWatch.invoked(deployed.name, answer.functionError !== undefined, at);
    cloudWatch.ingest(answer.log, at);
    if (answer.functionError) this.failures.push({ at, function: deployed.logicalId, said: answer.payload });
    return answer;
  }

  private startSchedules(): void {
    const start = this.timeline.now.getTime();
    for (const { name, properties } of this.schedules()) {
      const { Arn, Input } = properties.Target as { Arn: string; Input?: string };
      const deployed = this.deployment.all('AWS::Lambda::Function').find(({ arn }) => arn === Arn)!;
      const zone = properties.ScheduleExpressionTimezone as string | undefined;
      const event = JSON.parse(Input ?? '{}') as unknown;
      const run = async (at: Date) => {
        if (this.disabled.has(name)) return;
        this.runs++;
        const when = new Date(at.getTime() + this.random() * LATE);
        await this.home.cloudWatch.advance(when);
        this.beforeRun();
        await this.invoke(deployed, event, when);
      };
      const expression = String(properties.ScheduleExpression);
      // What runs at a rate runs at once.
      if (expression.startsWith('rate(')) this.timeline.at(this.timeline.now, run);
      this.timeline.repeat(nextOf(expression, zone, start), run);
    }
  }

  private async act({ kind, arn, payload }: Action, { at }: Transition): Promise<void> {
    if (kind === 'topic') return this.home.sns.accept(arn, payload);
    const name = arn.split(':')[6];
    const deployed = this.deployment.all('AWS::Lambda::Function').find((one) => one.name === name);
    if (!deployed) throw new Error(`an alarm calls ${arn}, which is not there`);
    await this.invoke(deployed, payload, at);
  }

  private functionsNamed(word: string): Deployed[] {
    return this.deployment
      .all('AWS::Lambda::Function')
      .filter(({ logicalId }) => logicalId.includes(`${word}Function`));
  }

  private get stateBucket(): string {
    return this.deployment.one('AWS::S3::Bucket', 'StateBucket').name;
  }

  private start(deployed: Deployed): SimulatedFunction {
    const { Variables = {} } = (deployed.properties.Environment ?? {}) as { Variables?: Record<string, string> };
    return new SimulatedFunction({
      name: deployed.name,
      bundle: path.join(this.codeOf(deployed), 'index.mjs'),
      environment: {
        ...Variables,
        AWS_LAMBDA_FUNCTION_NAME: deployed.name,
        AWS_REGION: HOME,
        AWS_ENDPOINT_URL: this.home.aws.url,
        AWS_ACCESS_KEY_ID: deployed.logicalId,
        AWS_SECRET_ACCESS_KEY: deployed.logicalId,
        AWS_CONFIG_FILE: '/dev/null',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
        POWERTOOLS_LOG_LEVEL: 'ERROR',
      },
    });
  }

  /** Assets are not staged: the assembly says where their folders are. */
  private codeOf({ properties }: Deployed): string {
    const hash = String((properties.Code as { S3Key?: string }).S3Key).replace(/\.zip$/, '');
    for (const file of readdirSync(this.cloudAssembly).filter((name) => name.endsWith('.assets.json'))) {
      const { files } = JSON.parse(readFileSync(path.join(this.cloudAssembly, file), 'utf8')) as {
        files: Record<string, { source: { path: string } }>;
      };
      if (files[hash]) return path.resolve(this.cloudAssembly, files[hash].source.path);
    }
    throw new Error(`the assembly has no asset ${hash}`);
  }
}
