import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { keys } from '../../../lambda/shared/keys';
import { Store } from '../../../lambda/shared/store';
import type { MonitorDefinition, MonitorReport, ResourceReport } from '../../../lib/private/contract/monitoring';
import { watch, watchBackups, watchBuckets } from '../../../lib/private/permissions/monitoring';
import {
  createAuthorize,
  RehearsedBackup,
  RehearsedKms,
  RehearsedRds,
  RehearsedS3,
  RehearsedSns,
  type Faults,
  type PolicyDocument,
  type RdsQuota,
  type Service,
} from '../../../rehearsal/aws';
import { Deployment } from '../../../rehearsal/template/deployment';
import { policiesOf } from '../../../rehearsal/template/roles';
import type { Template as Synthesized } from '../../../rehearsal/template/template';
import { FakeEngine } from '../../rehearsal/aws/fake-engine';
import { delays, registry } from '../../rehearsal/aws/rds-support';
import { account, clientOf, policy, role, start } from '../../rehearsal/aws/support';

export const HOME = 'eu-west-1';
export const AWAY = 'eu-central-1';
export const PREFIX = 'rcv-acme-1a2b3c4d-';
export const TOPICS = {
  page: `arn:aws:sns:${HOME}:${account}:page`,
  ticket: `arn:aws:sns:${HOME}:${account}:ticket`,
  digest: `arn:aws:sns:${HOME}:${account}:digest`,
};
export const keyArn = (name: string, region = HOME) => `arn:aws:kms:${region}:${account}:key/${name}`;
export const vaultArn = (name: string, region = HOME, of = account) =>
  `arn:aws:backup:${region}:${of}:backup-vault:${name}`;
export const dbArn = (identifier: string) => `arn:aws:rds:${HOME}:${account}:db:${identifier}`;
export const clusterArn = (identifier: string) => `arn:aws:rds:${HOME}:${account}:cluster:${identifier}`;

export const bucketArn = (name: string) => `arn:aws:s3:::${name}`;

/** What a key's policy is where nobody says anything else. */
export const delegating: PolicyDocument = {
  Statement: { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
};

/** The statements that the library gives its monitor, as CloudFormation would resolve them. */
function monitorPolicies(): PolicyDocument[] {
  const stack = new Stack(new App(), 'Site', { env: { region: HOME, account } });
  const made = new Role(stack, 'Monitor', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const buckets = watchBuckets();
  buckets.addResources(bucketArn('files'));
  const statements = [...watch(stack, 'home'), ...watchBackups(stack, AWAY, [vaultArn('away', AWAY)]), buckets];
  statements.forEach((statement) => made.addToPolicy(statement));
  const template = Template.fromStack(stack).toJSON() as Synthesized;
  const deployment = new Deployment(template, { stack: 'Site', region: HOME, account });
  return policiesOf(deployment, deployment.one('AWS::IAM::Role'));
}

/** An account with two Regions, in which a monitor runs under its own role, over HTTP. Import the handler after opening it. */
export async function openAccount({
  quota,
  change = (services) => services,
}: {
  quota?: Partial<RdsQuota>;
  /** Services that answer otherwise than the rehearsed ones. */
  change?: (services: Service[]) => Service[];
} = {}) {
  const directory = mkdtempSync(path.join(tmpdir(), 'watched-'));
  const faults: Faults = {};
  const engine = new FakeEngine();
  const home = { region: HOME, account };
  const away = { region: AWAY, account };
  const optIn = { RDS: true, Aurora: true };
  // Nothing becomes restorable behind a test's back, else it would depend on how fast the machine is.
  const rds = new RehearsedRds({ ...home, engine, registry, delays, lagSeconds: 3_600, faults, quota });
  const rdsAway = new RehearsedRds({ ...away, engine, registry, delays });
  const vault = (name: string, region: string) => ({ name, arn: vaultArn(name, region), keyArn: keyArn(name, region) });
  const none = { roles: new Map(), faults };
  const backup = new RehearsedBackup({
    ...home,
    ...none,
    rds: rds.forBackup(),
    vaults: [vault('home', HOME)],
    authorize: createAuthorize({ region: HOME }),
    optIn,
  });
  const backupAway = new RehearsedBackup({
    ...away,
    ...none,
    rds: rdsAway.forBackup(),
    vaults: [vault('away', AWAY)],
    authorize: createAuthorize({ region: AWAY }),
  });
  const kms = new RehearsedKms({
    ...home,
    keys: ['home', 'orders'].map((name) => ({ arn: keyArn(name), policy: delegating })),
  });
  const kmsAway = new RehearsedKms({
    ...away,
    keys: ['away', 'replica'].map((name) => ({ arn: keyArn(name, AWAY), policy: delegating })),
  });
  const s3 = new RehearsedS3({ ...home, directory, buckets: [{ name: 'state', versioned: false }, { name: 'files' }] });
  const sns = new RehearsedSns({ ...home, topics: Object.values(TOPICS).map((arn) => ({ arn })) });
  const bucket = policy(
    ['s3:GetObject', 's3:PutObject', 's3:ListBucket'],
    ['arn:aws:s3:::state', 'arn:aws:s3:::state/*'],
  );
  const publish = policy('sns:Publish', Object.values(TOPICS));
  const policies = monitorPolicies();
  const denied: Record<string, PolicyDocument['Statement']> = {};
  const monitor = {
    ...role('monitor', ...policies, bucket, publish),
    get policies() {
      return [...policies, bucket, publish, ...Object.values(denied).map((Statement) => ({ Statement }))];
    },
  };
  const aws = await start(
    change([rds, backup, kms, s3, sns].map((one) => one.service())),
    { AKIAMONITOR: monitor },
    {
      faults,
      elsewhere: new Map([
        [
          AWAY,
          {
            services: [rdsAway, backupAway, kmsAway].map((one) => one.service()),
            authorize: createAuthorize({ region: AWAY }),
          },
        ],
      ]),
    },
  );
  const before = process.env;
  process.env = {
    ...before,
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: HOME,
    AWS_ACCESS_KEY_ID: 'AKIAMONITOR',
    AWS_SECRET_ACCESS_KEY: 'not checked here',
    AWS_MAX_ATTEMPTS: '1',
    SITE: 'acme',
    PREFIX,
    STATE_BUCKET: 'state',
    RDS_ARN: `arn:aws:rds:${HOME}:${account}`,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
  const client = new S3Client(clientOf(aws));
  const state = new Store('state', client);
  return {
    ...{ aws, faults, rds, rdsAway, backup, backupAway, kms, kmsAway, sns, state, optIn },
    /** Whether the bucket `files` keeps versions. */
    version: (versioned: boolean) =>
      void Object.assign((s3.account.find('files') as { bucket: object }).bucket, { versioned }),
    /** What the monitor's role may not do, beside what it was never given. */
    denied,
    adopt: async (identifier: string, more: Partial<Parameters<RehearsedRds['adoptSource']>[0]> = {}) =>
      rds.adoptSource({ identifier, database: await engine.create(), kmsKeyId: keyArn('orders'), ...more }),
    report: async (shard = 'Gold') => (await state.get<MonitorReport>(keys.report(shard)))!.value,
    /** Changes what the last run left, as if it had seen something else. */
    rewrite: async (change: (report: MonitorReport) => MonitorReport, shard = 'Gold') => {
      const stored = await state.get<MonitorReport>(keys.report(shard));
      await state.put(keys.report(shard), change(stored!.value));
    },
    forget: () => Promise.all(['Gold', 'Gold-2'].map((shard) => state.delete(keys.report(shard)))),
    /** Calls that the monitor made since, by operation. */
    callsSince: (count: number) =>
      aws.calls
        .slice(count)
        .filter(({ principal }) => principal === monitor.arn)
        .map(({ operation }) => operation),
    close: async () => {
      process.env = before;
      client.destroy();
      await aws.close();
      await Promise.all([rds.close(), rdsAway.close()]);
      rmSync(directory, { recursive: true, force: true });
      expect(aws.problems).toEqual([]);
    },
  };
}

export type WatchedAccount = Awaited<ReturnType<typeof openAccount>>;

const HOUR = 3600;
export const DAY = 86_400;

export const SOURCES = {
  pointInTime: { name: 'point in time', kind: 'point-in-time', allowedSeconds: 900, known: true },
  snapshot: { name: 'automated snapshots', kind: 'snapshot', allowedSeconds: 26 * HOUR, known: true },
  daily: {
    ...{ name: 'daily recovery points', kind: 'recovery-point', allowedSeconds: 26 * HOUR, known: true },
    ...{ vaultArn: vaultArn('home'), retentionDays: 35, completionSeconds: 8 * HOUR, tier: 'daily' },
  },
  copies: {
    ...{ name: `daily copies in ${AWAY}`, kind: 'copy', allowedSeconds: 28 * HOUR, known: true, region: AWAY },
    ...{ vaultArn: vaultArn('away', AWAY), retentionDays: 35, completionSeconds: 8 * HOUR, tier: 'daily' },
  },
  replicated: {
    ...{ name: `point in time in ${AWAY}`, kind: 'replicated', allowedSeconds: 1200, known: true, region: AWAY },
  },
} as const satisfies Record<string, MonitorDefinition['profiles'][number]['sources'][number]>;

/** A shard with one resource, Orders, and one profile, unless told otherwise. */
export function definitionOf(
  sources: MonitorDefinition['profiles'][number]['sources'],
  more: Partial<MonitorDefinition> & { profile?: object } = {},
): MonitorDefinition {
  const { profile, ...rest } = more;
  return {
    schema: 'cdk-recoverable/monitor/v1',
    ...{ shard: 'Gold', plan: 'Gold', owner: 'Payments', alerts: TOPICS, stateBucket: 'state' },
    ...{ everySeconds: 300, sourceMetrics: false },
    profiles: [{ rpoSeconds: 900, sources, ...profile }],
    resources: [{ name: 'Gold/Orders', kind: 'db-instance', identifier: 'orders', profile: 0 }],
    tagged: [],
    ...rest,
  };
}

export const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

/** A recovery point as AWS Backup keeps it. */
export function pointOf(resourceArn: string, vault: 'home' | 'away', createdAt: string, deleteAfterDays?: number) {
  return {
    arn: `arn:aws:rds:${vault === 'home' ? HOME : AWAY}:${account}:snapshot:awsbackup:job-${resourceArn}-${createdAt}`,
    vault,
    vaultArn: vaultArn(vault, vault === 'home' ? HOME : AWAY),
    resourceArn,
    roleArn: role('backup').arn,
    createdAt: new Date(createdAt),
    deleteAfterDays,
    status: 'COMPLETED' as const,
  };
}

export function resourceOf(report: MonitorReport, name = 'Gold/Orders'): ResourceReport {
  return report.resources.find((one) => one.name === name)!;
}
