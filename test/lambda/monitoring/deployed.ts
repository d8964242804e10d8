import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Alerts } from '../../../lib';
import type { Faults } from '../../../rehearsal/aws';
import { openAws } from '../../../rehearsal/rehearse/aws';
import { Deployment } from '../../../rehearsal/template/deployment';
import type { Template } from '../../../rehearsal/template/template';
import { account, region } from '../../rehearsal/aws/support';
import { simulatedEngine } from '../../simulation/engine';
import { SimulatedFunction } from '../../simulation/simulated-function';

const HANDLERS = path.resolve(__dirname, '..', '..', '..', 'assets', 'handlers');

export interface Ran {
  readonly payload: unknown;
  readonly failed: boolean;
  /** Metrics that it printed: name, resource and value. */
  readonly metrics: readonly { readonly name: string; readonly resource: string; readonly value: number }[];
}

/**
 * A stack that is deployed in an account on this machine. Its functions run as they are bundled, each under its own role of the
 * template and at a time that the test says.
 */
export async function deploy(build: (stack: Stack, alerts: Alerts) => void) {
  const app = new App({ context: { 'aws:cdk:disable-asset-staging': true } });
  const stack = new Stack(app, 'Test', { env: { account, region } });
  build(stack, {
    page: new Topic(stack, 'Pages'),
    ticket: new Topic(stack, 'Tickets'),
    digest: new Topic(stack, 'Digest'),
  });
  const template = app.synth().getStackByName('Test').template as Template;
  const deployment = new Deployment(template, { stack: 'Test', region, account });
  const folder = mkdtempSync(path.join(tmpdir(), 'deployed-'));
  const faults: Faults = {};
  let time = new Date('2026-11-20T01:20:00Z');
  const clock = () => time;
  const engine = simulatedEngine(clock);
  const aws = await openAws({
    deployment,
    engine,
    faults,
    folder,
    invoke: async () => undefined,
    clock,
    lagSeconds: 1e6,
  });
  const running = new Map<string, SimulatedFunction>();
  const memory = new Map<string, number>();
  const functionOf = (handler: string) => {
    const deployed = deployment.all('AWS::Lambda::Function').find(({ name }) => name.endsWith(`-${handler}`));
    if (!deployed) throw new Error(`the template has no function ${handler}`);
    const { Variables } = deployed.properties.Environment as { Variables: Record<string, string> };
    const environment = {
      ...Variables,
      AWS_REGION: region,
      AWS_ENDPOINT_URL: aws.aws.url,
      AWS_ACCESS_KEY_ID: deployed.logicalId,
      AWS_SECRET_ACCESS_KEY: 'not checked here',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_MAX_ATTEMPTS: '1',
      POWERTOOLS_LOG_LEVEL: 'ERROR',
      ...(memory.has(handler) && { NODE_OPTIONS: `--max-old-space-size=${memory.get(handler)}` }),
    };
    const bundle = path.join(HANDLERS, handler, 'index.mjs');
    return new SimulatedFunction({ name: deployed.name, bundle, environment });
  };
  /** The input that the schedule of a function has. */
  const inputOf = (handler: string) => {
    const schedule = deployment
      .all('AWS::Scheduler::Schedule')
      .find(({ properties }) => (properties.Target as { Arn: string }).Arn.endsWith(`-${handler}`));
    return JSON.parse((schedule?.properties.Target as { Input?: string } | undefined)?.Input ?? '{}') as unknown;
  };
  const bucket = (word: string) => deployment.one('AWS::S3::Bucket', word).name;
  const text = (word: string, key: string) => aws.s3.read(bucket(word), key)?.toString('utf8');
  return {
    ...aws,
    faults,
    engine,
    deployment,
    /** MiB that a function may use, before it runs first. */
    limitMemory: (handler: string, mebibytes: number) => void memory.set(handler, mebibytes),
    at: (moment: string) => void (time = new Date(moment)),
    run: async (handler: string, input: unknown = inputOf(handler)): Promise<Ran> => {
      if (!running.has(handler)) running.set(handler, functionOf(handler));
      const answer = await running.get(handler)!.invoke(input, time);
      const lines = answer.log.split('\n').filter((line) => line.includes('CloudWatchMetrics'));
      const metrics = lines.flatMap((line) => {
        const { _aws, Site: _site, Resource, ...values } = JSON.parse(line) as Record<string, string>;
        return Object.entries(values).map(([name, value]) => ({ name, resource: Resource, value: Number(value) }));
      });
      return {
        payload: answer.payload ? JSON.parse(answer.payload) : undefined,
        failed: answer.functionError !== undefined,
        metrics,
      };
    },
    state: <T>(key: string) => {
      const body = text('StateBucket', key);
      return body === undefined ? undefined : (JSON.parse(body) as T);
    },
    keysOf: (word: 'State' | 'Evidence') => aws.s3.keys(bucket(`${word}Bucket`)),
    lines: <T>(key: string) =>
      (text('EvidenceBucket', key) ?? '')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as T),
    put: (word: 'State' | 'Evidence', key: string, value: unknown) =>
      aws.s3.put(bucket(`${word}Bucket`), key, JSON.stringify(value)),
    /** Subjects of what people were told, by topic. */
    told: () => aws.sns.published.map(({ topic, subject }) => `${/Pages|Tickets|Digest/.exec(topic)?.[0]}: ${subject}`),
    close: async () => {
      for (const one of running.values()) one.close();
      await aws.rds.close();
      await aws.aws.close();
      rmSync(folder, { recursive: true, force: true });
      expect(aws.aws.problems).toEqual([]);
    },
  };
}

export type Deployed = Awaited<ReturnType<typeof deploy>>;
