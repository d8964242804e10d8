import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { WatchedResource } from '../../../lib/private/contract/monitoring';
import { RehearsedRds, RehearsedScheduler, type Faults, type PolicyDocument } from '../../../rehearsal/aws';
import { DEFINITION } from '../../lambda/evidence/samples';
import { FakeEngine } from '../aws/fake-engine';
import { delays, registry } from '../aws/rds-support';
import { account, place, region, role, start } from '../aws/support';

export const PREFIX = 'rcv-acme-1a2b3c4d-';
const DATABASES = { 'gold/orders': 'orders-prod', 'gold/ledger': 'ledger-prod', 'silver/orders': 'orders-prod' };

type Watched = Pick<WatchedResource, 'name' | 'kind' | 'identifier'>;

/** Copies of it are drilled here; it is in another Region. */
const REMOTE: WatchedResource = {
  name: 'gold/remote',
  kind: 'db-instance',
  identifier: 'remote-prod',
  provenSeconds: 1,
};

/** What the example gives a pipeline's role, for two databases. */
function pipeline(databases = '*-prod'): PolicyDocument {
  const file = path.resolve(__dirname, '../../../examples/github-actions/role-policy.json');
  const text = readFileSync(file, 'utf8').replaceAll('REGION', region).replaceAll('ACCOUNT', account);
  return JSON.parse(text.replaceAll('DATABASE', databases)) as PolicyDocument;
}

/** An account with two protected databases, and the environment in which the command finds it. */
export async function openBackups(
  options: { faults?: Faults; sites?: readonly string[]; narrow?: string; undrilled?: readonly Watched[] } = {},
) {
  const rds = new RehearsedRds({ ...place, engine: new FakeEngine(), registry, delays, faults: options.faults });
  for (const identifier of new Set([...Object.values(DATABASES), 'legacy-prod'])) {
    await rds.adoptSource({ identifier, database: await new FakeEngine().create() });
  }
  rds.adoptCluster({ identifier: 'aurora-prod', engine: 'aurora-postgresql', status: 'available' });
  const target = (input: object) => ({ arn: 'arn:x', roleArn: 'arn:y', input: JSON.stringify(input) });
  const schedules = (options.sites ?? [PREFIX]).flatMap((prefix) => {
    const one = (name: string, input: object) => ({
      ...{ name, group: `${prefix}drills`, expression: 'rate(1 day)' },
      // Only what starts the monitor function is read.
      target: {
        ...target(input),
        arn: `arn:aws:lambda:${region}:${account}:function:${prefix}${name.replace(/\d$/, '')}`,
      },
    });
    const drills = Object.keys(DATABASES).map((name) => one(name.replace('/', '-'), { definition: DEFINITION }));
    const drilled = Object.entries(DATABASES).map(([name, identifier]) => ({ name, kind: 'db-instance', identifier }));
    const resources = [...drilled, ...(options.undrilled ?? [])].map((each) => ({ ...each, profile: 0 }));
    const [first, ...others] = resources;
    const monitor = (watched: object[]) => ({ schema: 'cdk-recoverable/monitor/v1', resources: watched });
    return [one('sweeper', {}), one('monitor', monitor([first, REMOTE])), one('monitor2', monitor(others)), ...drills];
  });
  const scheduler = new RehearsedScheduler({ ...place, schedules: [...schedules, foreign(target)] });
  const aws = await start([rds.service(), scheduler.service()], {
    AKIAPIPELINE: role('pipeline', pipeline()),
    AKIANARROW: role('narrow', pipeline(options.narrow)),
  });
  return {
    aws,
    environment: {
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: 'AKIAPIPELINE',
      AWS_SECRET_ACCESS_KEY: 'not checked here',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '1',
    },
    clusterSnapshots: () => rds.clusterSnapshots,
    /** Manual ones of instances, with their tags. */
    snapshots: () => rds.snapshots.filter(({ type }) => type === 'manual'),
    close: async () => {
      await aws.close();
      await rds.close();
      expect(aws.problems).toEqual([]);
    },
  };
}

/** Somebody else's group that begins alike is no site. */
function foreign(target: (input: object) => { arn: string; roleArn: string; input: string }) {
  return { name: 'x', group: 'rcv-drills', expression: 'rate(1 day)', target: target({ definition: DEFINITION }) };
}

export type Backups = Awaited<ReturnType<typeof openBackups>>;
