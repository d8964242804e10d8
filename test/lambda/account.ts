import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DescribeDBSnapshotsCommand, RDSClient, RestoreDBInstanceToPointInTimeCommand } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Store } from '../../lambda/shared/store';
import { drillTags } from '../../lambda/shared/tags';
import type { DrillDefinition, DrillFacts } from '../../lib/private/contract/drill';
import {
  createAuthorize,
  RehearsedBackup,
  RehearsedRds,
  RehearsedS3,
  RehearsedScheduler,
  RehearsedSecrets,
  RehearsedStates,
  type ExecutionStatus,
  type Faults,
  type Principal,
  type RdsOptions,
  type Service,
} from '../../rehearsal/aws';
import { FakeEngine } from '../rehearsal/aws/fake-engine';
import { delays, registry } from '../rehearsal/aws/rds-support';
import { account, clientOf, everything, place, region, role, start, until } from '../rehearsal/aws/support';
import { DEFINITION } from './evidence/samples';

export const PREFIX = 'rcv-acme-1a2b3c4d-';
export const MACHINE = `arn:aws:states:${region}:${account}:stateMachine:${PREFIX}drill`;
export const PATIENCE = { poll: 1, available: 60, access: 5, gone: 1, teardown: 5, verify: 60, round: 5, ttl: 3600 };

export const definition: DrillDefinition = {
  ...DEFINITION,
  resource: { ...DEFINITION.resource, identifier: 'orders' },
};

export const ORDERS = `arn:aws:rds:${region}:${account}:db:orders`;
export const RESTORE_ROLE = `arn:aws:iam::${account}:role/restore`;

export function executionArn(name: string): string {
  return `${MACHINE.replace(':stateMachine:', ':execution:')}:${name}`;
}

/** Facts of a drill of the site, as Declare disaster gives them. */
export function drillOf(id: string, more: Partial<DrillFacts> = {}): DrillFacts {
  const startedAt = new Date().toISOString();
  return {
    id,
    site: 'acme',
    name: definition.drill,
    resource: definition.resource.name,
    execution: executionArn(id),
    definition: `drills/${id}/definition.json`,
    disasterAt: startedAt,
    startedAt,
    names: { instance: `${PREFIX}${id}`, secret: `${PREFIX}${id}` },
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    rtoSeconds: 3600,
    ...more,
  };
}

/**
 * A site's account on this machine, and the environment in which handlers find it with the SDK's own clients. Import a
 * handler after this: it makes its clients when it is loaded.
 */
export async function openSite(
  options: {
    faults?: Faults;
    quota?: RdsOptions['quota'];
    callers?: Record<string, Principal>;
    schedules?: Record<string, string>;
    services?: Service[];
  } = {},
) {
  const directory = mkdtempSync(path.join(tmpdir(), 'site-'));
  const engine = new FakeEngine();
  const rds = new RehearsedRds({
    ...place,
    engine,
    registry,
    delays,
    lagSeconds: 0.2,
    ...(options.faults && { faults: options.faults }),
    ...(options.quota && { quota: options.quota }),
  });
  const s3 = new RehearsedS3({
    ...place,
    directory,
    buckets: [{ name: 'state', versioned: false }, { name: 'evidence' }],
  });
  const trusted = {
    Effect: 'Allow' as const,
    Action: 'sts:AssumeRole',
    Principal: { Service: 'backup.amazonaws.com' },
  };
  const backup = new RehearsedBackup({
    ...place,
    rds: rds.forBackup(),
    vaults: [{ name: 'vault', arn: `arn:aws:backup:${region}:${account}:backup-vault:vault` }],
    roles: new Map([[RESTORE_ROLE, { principal: role('restore', everything), trust: { Statement: trusted } }]]),
    authorize: createAuthorize({ region }),
    delays: { pending: 50, poll: 10 },
    ...(options.faults && { faults: options.faults }),
  });
  const secrets = new RehearsedSecrets(place);
  const states = new RehearsedStates({ ...place, stateMachines: [MACHINE] });
  const schedules = Object.entries(options.schedules ?? {}).map(([name, input]) => ({
    name,
    group: `${PREFIX}drills`,
    expression: 'rate(1 day)',
    target: { arn: MACHINE, roleArn: `arn:aws:iam::${account}:role/start`, input },
  }));
  const scheduler = new RehearsedScheduler({ ...place, schedules });
  await rds.adoptSource({ identifier: 'orders', database: await engine.create() });
  for (const [identifier, status] of Object.entries({ ledger: 'available', other: 'available', busy: 'modifying' })) {
    rds.adoptCluster({ identifier, engine: 'aurora-postgresql', status });
  }
  const writeOnce = {
    Effect: 'Deny' as const,
    Principal: '*' as const,
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::evidence/*',
    Condition: { Null: { 's3:if-none-match': 'true' } },
  };
  const aws = await start(
    [...[rds, s3, backup, secrets, states, scheduler].map((one) => one.service()), ...(options.services ?? [])],
    options.callers ?? {},
    { faults: options.faults, resourcePolicies: { 'arn:aws:s3:::evidence': { Statement: [writeOnce] } } },
  );
  const before = process.env;
  process.env = {
    ...before,
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'AKIAADMIN',
    AWS_SECRET_ACCESS_KEY: 'not checked here',
    AWS_MAX_ATTEMPTS: '1',
    SITE: 'acme',
    PREFIX,
    STATE_BUCKET: 'state',
    EVIDENCE_BUCKET: 'evidence',
    SCHEDULE_GROUP: `${PREFIX}drills`,
    RESTORE_ROLE,
    DRILL_SUBNET_GROUP: 'drill',
    DRILL_SECURITY_GROUP: 'sg-drill',
    PATIENCE: JSON.stringify(PATIENCE),
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
  const clients = {
    rds: new RDSClient(clientOf(aws)),
    secrets: new SecretsManagerClient(clientOf(aws)),
    s3: new S3Client(clientOf(aws)),
  };
  return {
    ...clients,
    aws,
    engine,
    secretNames: () => secrets.names,
    instances: () => rds.instances.map(({ identifier }) => identifier).filter((one) => one !== 'orders'),
    restoreJobs: () => backup.restoreJobs,
    /** Takes a recovery point of the source. @returns its ARN */
    recoveryPoint: () => backup.backUp(ORDERS, 'vault', RESTORE_ROLE),
    /** The source's automated snapshot, once it is there. */
    snapshot: async () => {
      const snapshots = () => clients.rds.send(new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: 'orders' }));
      const { DBSnapshots } = await until(snapshots, (found) => found.DBSnapshots?.[0]?.Status === 'available');
      return DBSnapshots![0].DBSnapshotIdentifier!;
    },
    state: new Store('state', clients.s3),
    evidence: new Store('evidence', clients.s3),
    /** A restored instance, whose tags may be other than a drill's. */
    restored: async (drill: DrillFacts, tags = drillTags(drill)) => {
      await clients.rds.send(
        new RestoreDBInstanceToPointInTimeCommand({
          SourceDBInstanceIdentifier: 'orders',
          TargetDBInstanceIdentifier: drill.names.instance,
          UseLatestRestorableTime: true,
          DBSubnetGroupName: 'drill',
          Tags: tags,
        }),
      );
      const restored = () => rds.instances.find(({ identifier }) => identifier === drill.names.instance);
      await until(
        async () => restored()?.status,
        (status) => status === 'available',
      );
    },
    secret: (drill: DrillFacts, tags = drillTags(drill), value: object = {}) =>
      clients.secrets.send(
        new CreateSecretCommand({ Name: drill.names.secret, SecretString: JSON.stringify(value), Tags: tags }),
      ),
    execution: (arn: string, status: ExecutionStatus) =>
      void states.executions.push({
        arn,
        stateMachineArn: MACHINE,
        name: arn.split(':').at(-1) ?? '',
        status,
        startedAt: new Date(),
      }),
    close: async () => {
      process.env = before;
      Object.values(clients).forEach((one) => one.destroy());
      await aws.close();
      await rds.close();
      rmSync(directory, { recursive: true, force: true });
      expect(aws.problems).toEqual([]);
    },
  };
}

export type Site = Awaited<ReturnType<typeof openSite>>;
