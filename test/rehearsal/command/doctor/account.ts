import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  createAuthorize,
  RehearsedBackup,
  RehearsedCloudWatch,
  RehearsedIam,
  RehearsedKms,
  RehearsedLambda,
  RehearsedRds,
  RehearsedScheduler,
  RehearsedSns,
  type PolicyDocument,
} from '../../../../rehearsal/aws';
import { FakeEngine } from '../../aws/fake-engine';
import { delays } from '../../aws/rds-support';
import { account, everything, keyArn, place, region, role, start } from '../../aws/support';
import { definition } from '../status/samples';

export const PREFIX = 'rcv-acme-1a2b3c4d-';
export const VAULT = `arn:aws:backup:${region}:${account}:backup-vault:rcv-acme-1a2b3c4d`;
export const THERE = 'eu-central-1';
export const VAULT_THERE = VAULT.replace(region, THERE);
const KEY_THERE = keyArn.replace(region, THERE);
const IDENTITY = 'db-ORDERS';
const ORDERS = `arn:aws:rds:${region}:${account}:db:orders-prod`;
export const PAGER = `arn:aws:sns:${region}:${account}:pager`;
const BACKUP_ROLE = `arn:aws:iam::${account}:role/backup`;
const FUNCTION = `arn:aws:lambda:${region}:${account}:function:${PREFIX}`;

export const DELEGATING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
};

/** The example's rights, to the letter. */
export function examplePolicy(): PolicyDocument {
  const text = readFileSync(path.resolve(__dirname, '../../../../examples/doctor/role-policy.json'), 'utf8');
  return JSON.parse(text.replaceAll('REGION', region).replaceAll('ACCOUNT', account)) as PolicyDocument;
}

const FUNCTIONS = ['drill', 'monitor', 'notify', 'query', 'sweep'].map((name) => ({ name: `${PREFIX}${name}` }));
const ZONES = ['a', 'b', 'c'].map((zone) => ({ id: `subnet-${zone}`, zone: `${region}${zone}` }));

/** What may be other than in an account where all is well. */
export interface Ills {
  readonly functions?: ConstructorParameters<typeof RehearsedLambda>[0]['functions'];
  readonly key?: Parameters<RehearsedKms['change']>[1];
  readonly quota?: ConstructorParameters<typeof RehearsedRds>[0]['quota'];
  readonly optIn?: Readonly<Record<string, boolean>>;
  readonly serviceRoles?: ReadonlyMap<string, string>;
  readonly subscriptions?: ConstructorParameters<typeof RehearsedSns>[0]['topics'][number]['subscriptions'];
  readonly zones?: typeof ZONES;
  readonly disabled?: boolean;
  /** Sets of dimensions, by namespace; default: what is supposed. */
  readonly metrics?: Readonly<Record<string, readonly Record<string, string>[]>>;
  /** Nothing is deployed. */
  readonly empty?: boolean;
  /** A recovery point that is there, and its copy. */
  readonly backedUp?: boolean;
  /** How old replicated backups are, seconds; absent: there are none. */
  readonly replicatedLag?: number;
  readonly policy?: PolicyDocument;
}

const METRICS = {
  CdkRecoverable: [{ Site: 'acme', Resource: 'gold/orders' }],
  'AWS/Scheduler': [{ ScheduleGroup: `${PREFIX}drills` }],
  'AWS/Lambda': [{ FunctionName: `${PREFIX}monitor` }],
  'AWS/Backup': [
    { BackupVaultName: 'rcv-acme-1a2b3c4d' },
    { BackupVaultName: 'rcv-acme-1a2b3c4d', ResourceType: 'RDS' },
  ],
};
const NAMES: Readonly<Record<string, string>> = { CdkRecoverable: 'RestorableAgeRatio', 'AWS/Lambda': 'Invocations' };

/** An account with one site that protects `orders-prod`, for the command to look at. */
export async function openExamined(ills: Ills = {}) {
  const engine = new FakeEngine();
  const registry = {
    subnetGroups: [
      { name: `${PREFIX}drill`, vpcId: 'vpc-drill', subnets: ills.zones ?? ZONES },
      { name: 'default', vpcId: 'vpc-default', subnets: ZONES },
    ],
    securityGroups: [],
  };
  const rds = new RehearsedRds({ ...place, engine, registry, delays, quota: ills.quota });
  const tags = [{ Key: 'team', Value: 'payments' }];
  await rds.adoptSource({ identifier: 'orders-prod', database: await engine.create(), kmsKeyId: keyArn, tags });
  rds.change('orders-prod', { dbiResourceId: IDENTITY });
  const authorize = createAuthorize({ region });
  const elsewhere = await openThere(ills);
  const trust = { Effect: 'Allow' as const, Action: 'sts:AssumeRole', Principal: { Service: 'backup.amazonaws.com' } };
  const backup = new RehearsedBackup({
    ...place,
    rds: rds.forBackup(),
    vaults: [{ name: 'rcv-acme-1a2b3c4d', arn: VAULT }],
    roles: new Map([[BACKUP_ROLE, { principal: role('backup', everything), trust: { Statement: trust } }]]),
    authorize,
    elsewhere: [elsewhere.backup],
    ...(ills.optIn && { optIn: ills.optIn }),
  });
  if (ills.backedUp) {
    const copy = { DestinationBackupVaultArn: VAULT_THERE };
    await backup.backUp(ORDERS, 'rcv-acme-1a2b3c4d', BACKUP_ROLE, { CopyActions: [copy] });
    expect(backup.copyJobs.map(({ message }) => message)).toEqual([undefined]);
  }
  const kms = new RehearsedKms({ ...place, keys: [{ arn: keyArn, policy: DELEGATING }] });
  kms.change(keyArn, ills.key ?? {});
  const cloudWatch = new RehearsedCloudWatch(place);
  for (const [namespace, sets] of Object.entries(ills.metrics ?? (ills.empty ? {} : METRICS))) {
    for (const dimensions of sets) {
      cloudWatch.metrics.put({ namespace, name: NAMES[namespace] ?? 'Some', dimensions }, 1, 'Count', new Date());
    }
  }
  const aws = await start(
    [
      ...[
        rds,
        backup,
        kms,
        cloudWatch,
        new RehearsedScheduler({ ...place, schedules: ills.empty ? [] : schedules(ills) }),
      ],
      new RehearsedSns({
        ...place,
        topics: [
          { arn: PAGER, subscriptions: ills.subscriptions ?? [{ protocol: 'email', endpoint: 'oncall@example.com' }] },
        ],
      }),
      new RehearsedLambda({ ...place, invoke: async () => undefined, functions: ills.functions ?? FUNCTIONS }),
      new RehearsedIam({
        ...place,
        serviceRoles:
          ills.serviceRoles ??
          new Map([
            ['AWSServiceRoleForRDS', '/aws-service-role/rds.amazonaws.com/'],
            ['AWSServiceRoleForBackup', '/aws-service-role/backup.amazonaws.com/'],
          ]),
      }),
    ].map((one) => one.service()),
    { AKIADOCTOR: role('doctor', ills.policy ?? examplePolicy()) },
    {
      elsewhere: new Map([
        [
          THERE,
          {
            services: [elsewhere.rds.service(), elsewhere.backup.service()],
            authorize: createAuthorize({ region: THERE }),
          },
        ],
      ]),
    },
  );
  return {
    aws,
    environment: {
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: 'AKIADOCTOR',
      AWS_SECRET_ACCESS_KEY: 'not checked here',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '1',
    },
    close: async () => {
      await aws.close();
      await rds.close();
      await elsewhere.rds.close();
      expect(aws.problems).toEqual([]);
    },
  };
}

/** The Region that copies go to. */
async function openThere({ replicatedLag }: Ills) {
  const there = { region: THERE, account };
  const registry = { subnetGroups: [], securityGroups: [] };
  const rds = new RehearsedRds({ ...there, engine: new FakeEngine(), registry, delays });
  const latest = replicatedLag === undefined ? undefined : new Date(Date.now() - replicatedLag * 1000);
  rds.keepBackups({
    ...{ identifier: 'orders-prod', instanceArn: ORDERS, dbiResourceId: IDENTITY, region, status: 'active' },
    ...(latest && { earliest: new Date(0), latest }),
  });
  const backup = new RehearsedBackup({
    ...there,
    rds: rds.forBackup(),
    vaults: [{ name: 'rcv-acme-1a2b3c4d', arn: VAULT_THERE, keyArn: KEY_THERE }],
    roles: new Map(),
    authorize: createAuthorize({ region: THERE }),
  });
  return { rds, backup };
}

function schedules({ disabled }: Ills) {
  const group = `${PREFIX}drills`;
  const watched = definition(['gold/orders'], {
    alerts: { page: PAGER },
    profiles: [
      {
        rpoSeconds: 900,
        sources: [
          { name: 'point in time', kind: 'point-in-time', allowedSeconds: 900, known: true },
          {
            name: 'daily recovery points',
            kind: 'recovery-point',
            allowedSeconds: 93_600,
            known: true,
            vaultArn: VAULT,
          },
          {
            ...{ name: 'daily copies', kind: 'copy', allowedSeconds: 93_600, known: true },
            ...{ region: THERE, vaultArn: VAULT_THERE },
          },
          { name: 'replicated', kind: 'replicated', allowedSeconds: 1200, known: true, region: THERE },
        ],
      },
    ],
  });
  return [
    { name: 'sweeper', input: {}, starts: `${FUNCTION}sweep` },
    { name: 'monitor', input: watched, starts: `${FUNCTION}monitor` },
    { name: 'weekly', input: { definition: {} }, starts: `arn:aws:states:${region}:${account}:stateMachine:x` },
  ].map(({ name, input, starts }) => ({
    ...{ name, group, expression: 'rate(1 hour)' },
    ...(disabled && name === 'weekly' && { state: 'DISABLED' as const }),
    target: { arn: starts, roleArn: 'arn:y', input: JSON.stringify(input) },
  }));
}
