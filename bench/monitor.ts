import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { MonitorReport } from '../lib/private/contract/monitoring';
import { BackupTiers, DrillSchedule, Engine, RecoveryPlan, RecoverySite } from '../lib';
import type { Faults } from '../rehearsal/aws';
import type { DatabaseEngine, RunningDatabase } from '../rehearsal/database-engine';
import { openAws, type AwsOfSite } from '../rehearsal/rehearse/aws';
import { Deployment, type Deployed } from '../rehearsal/template/deployment';
import type { Template } from '../rehearsal/template/template';
import { Monitor, type Ran } from './monitor-process';

const PLACE = { stack: 'Data', region: 'eu-west-1', account: '111122223333' };
const DAY = 86_400_000;
/** A plan protects so many, as one run of the monitor measures so many. */
const PER_PLAN = 100;
/** Recovery points of a database that a run of the monitor has to look through. */
const POINTS = 5;

/** An account with so many protected databases, and the site's monitor function over its real APIs. */
class Account {
  readonly faults: Faults = {};

  private constructor(
    private readonly home: AwsOfSite,
    private readonly deployment: Deployment,
    private readonly monitor: Monitor,
    private readonly folder: string,
  ) {}

  static async open(resources: number): Promise<Account> {
    const deployment = new Deployment(template(resources), PLACE);
    const folder = mkdtempSync(path.join(tmpdir(), 'bench-monitor-'));
    const faults: Faults = {};
    const home = await openAws({ deployment, engine, faults, folder, invoke: async () => undefined, lagSeconds: 1e6 });
    for (let index = 0; index < resources; index++) await adopt(home, deployment, `db-${index}`);
    const deployed = deployment.one('AWS::Lambda::Function', 'MonitorFunction');
    const { Variables = {} } = deployed.properties.Environment as { Variables?: Record<string, string> };
    const monitor = new Monitor({
      ...Variables,
      AWS_LAMBDA_FUNCTION_NAME: deployed.name,
      AWS_REGION: PLACE.region,
      AWS_ENDPOINT_URL: home.aws.url,
      AWS_ACCESS_KEY_ID: deployed.logicalId,
      AWS_SECRET_ACCESS_KEY: deployed.logicalId,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      // Refusals are counted, not waited for.
      AWS_MAX_ATTEMPTS: '2',
      POWERTOOLS_LOG_LEVEL: 'ERROR',
    });
    const account = new Account(home, deployment, monitor, folder);
    account.throttle = (operation) => {
      faults.throttle = operation ? { service: 'rds', operation } : undefined;
    };
    return account;
  }

  /** Refuses an operation of RDS from now on, or nothing any more. */
  throttle: (operation?: string) => void = () => undefined;

  /** One run of every shard of the plan. */
  async run(name: string): Promise<Run> {
    const before = this.home.aws.calls.length;
    const started = performance.now();
    const ran: Ran[] = [];
    for (const { properties } of this.schedules()) {
      const { Input } = properties.Target as { Input: string };
      ran.push(await this.monitor.invoke(JSON.parse(Input)));
    }
    const seconds = (performance.now() - started) / 1000;
    const calls: Record<string, number> = {};
    for (const { service, operation } of this.home.aws.calls.slice(before)) {
      const key = `${service} ${operation}`;
      calls[key] = (calls[key] ?? 0) + 1;
    }
    const missing = ran.flatMap(({ error }) => /not measured: ([^;]*)/.exec(error ?? '')?.[1].split(', ') ?? []);
    return {
      name,
      seconds,
      cpuSeconds: ran.reduce((sum, one) => sum + one.cpuSeconds, 0),
      calls: this.home.aws.calls.length - before,
      byOperation: calls,
      points: ran.reduce((sum, { log }) => sum + log.filter((line) => line.includes('"RestorableAgeRatio"')).length, 0),
      missing: new Set(missing).size,
      rssMib: Math.max(...ran.map(({ rssMib }) => rssMib)),
    };
  }

  /** Makes what the last run saw so old that the next one asks for it again. */
  age(what: 'fullAt' | 'settingsAt'): void {
    const bucket = this.deployment.one('AWS::S3::Bucket', 'StateBucket').name;
    for (const { properties } of this.schedules()) {
      const { shard } = JSON.parse((properties.Target as { Input: string }).Input) as { shard: string };
      const key = `monitor/${shard}.json`;
      const report = JSON.parse(this.home.s3.read(bucket, key)!.toString('utf8')) as MonitorReport;
      this.home.s3.put(
        bucket,
        key,
        JSON.stringify({ ...report, [what]: new Date(Date.now() - 2 * DAY).toISOString() }),
      );
    }
  }

  async close(): Promise<void> {
    this.monitor.close();
    await this.home.rds.close();
    await this.home.aws.close();
    rmSync(this.folder, { recursive: true, force: true });
    const [problem] = this.home.aws.problems;
    if (problem) throw problem;
  }

  private schedules(): Deployed[] {
    const { arn } = this.deployment.one('AWS::Lambda::Function', 'MonitorFunction');
    return this.deployment
      .all('AWS::Scheduler::Schedule')
      .filter(({ properties }) => (properties.Target as { Arn: string }).Arn === arn);
  }
}

export interface Run {
  readonly name: string;
  /** By the clock, with what AWS takes here. */
  readonly seconds: number;
  /** Processor time of the function alone. */
  readonly cpuSeconds: number;
  readonly calls: number;
  readonly byOperation: Readonly<Record<string, number>>;
  /** Data points published. */
  readonly points: number;
  /** Resources that the run named as not measured. */
  readonly missing: number;
  /** Most memory that the function's process has had. */
  readonly rssMib: number;
}

/** Databases of which only times are asked. */
const engine: DatabaseEngine = {
  ...{ name: 'postgres', version: '18.4', certificateAuthority: '' },
  create: async () => database(),
  restore: async () => database(),
  close: async () => undefined,
};

function database(): RunningDatabase {
  return {
    ...{ address: '127.0.0.1', port: 5432, masterUsername: 'shop' },
    superuser: () => Promise.reject(new Error('there is no server')),
    setMasterPassword: async () => undefined,
    // Some minutes old: RDS takes it into account only once something newer was archived.
    backup: async () => ({ startedAt: ago(6), finishedAt: ago(6), sizeBytes: 1, masterUsername: 'shop' }),
    archive: async () => new Date(),
    stop: async () => undefined,
    destroy: async () => undefined,
  };
}

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

function template(resources: number): Template {
  // What is measured is the function: more than fits one stack of CloudFormation is as good here.
  const context = { 'aws:cdk:disable-asset-staging': true, '@aws-cdk/core:stackResourceLimit': 0 };
  const app = new App({ context, analyticsReporting: false, outdir: mkdtempSync(path.join(tmpdir(), 'bench-app-')) });
  const stack = new Stack(app, PLACE.stack, { env: { region: PLACE.region, account: PLACE.account } });
  const alerts = { ticket: new Topic(stack, 'Tickets') };
  const site = new RecoverySite(stack, 'Recovery', { name: 'acme', alerts });
  for (let first = 0; first < resources; first += PER_PLAN) {
    const plan = new RecoveryPlan(stack, `Plan${first}`, {
      ...{ site, owner: 'Payments', alerts, backup: BackupTiers.grandfatherFatherSon() },
      objectives: { rpo: Duration.minutes(15), rto: Duration.hours(2) },
    });
    for (let index = first; index < Math.min(first + PER_PLAN, resources); index++) {
      plan
        .protectInstanceById(`Db${index}`, `db-${index}`, { engine: Engine.POSTGRES })
        .addDrill('Weekly', { schedule: DrillSchedule.weekly() });
    }
  }
  const made = app.synth().getStackByName(PLACE.stack).template as Template;
  rmSync(app.outdir, { recursive: true, force: true });
  return made;
}

/** A database with a point in time of now, a snapshot, and recovery points of every tier. */
async function adopt({ rds, backup }: AwsOfSite, deployment: Deployment, identifier: string): Promise<void> {
  await rds.adoptSource({ identifier, database: database() });
  const vault = deployment.one('AWS::Backup::BackupVault');
  const { IamRoleArn } = deployment.all('AWS::Backup::BackupSelection')[0].properties.BackupSelection as {
    IamRoleArn: string;
  };
  for (let days = 0; days < POINTS; days++) {
    const createdAt = new Date(Date.now() - days * DAY - DAY / 4);
    backup.keep({
      arn: `arn:aws:rds:${PLACE.region}:${PLACE.account}:snapshot:awsbackup:job-${randomUUID()}`,
      ...{ vault: vault.name, vaultArn: vault.arn, roleArn: IamRoleArn },
      resourceArn: `arn:aws:rds:${PLACE.region}:${PLACE.account}:db:${identifier}`,
      ...{ createdAt, completedAt: createdAt, status: 'COMPLETED' as const },
      deleteAfterDays: [30, 30, 90, 30, 365][days],
    });
  }
}

const resources = Number(process.argv[2]);
const account = await Account.open(resources);
try {
  const runs = [await account.run('first')];
  runs.push(await account.run('fast'));
  account.age('fullAt');
  runs.push(await account.run('full'));
  account.age('settingsAt');
  runs.push(await account.run('settings'));
  account.throttle('DescribeDBInstances');
  runs.push(await account.run('throttled'));
  account.throttle();
  runs.push(await account.run('after'));
  process.stdout.write(JSON.stringify({ resources, runs }));
} finally {
  await account.close();
}
