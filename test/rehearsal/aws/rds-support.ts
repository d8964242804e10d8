import { DescribeDBInstancesCommand, RDSClient, type DBInstance } from '@aws-sdk/client-rds';
import {
  RehearsedRds,
  type AdoptedSource,
  type Faults,
  type Principal,
  type RdsOptions,
  type RunningAws,
} from '../../../rehearsal/aws';
import { FakeEngine } from './fake-engine';
import { clientOf, place, rejection, start, until } from './support';

export const registry: RdsOptions['registry'] = {
  subnetGroups: [
    {
      name: 'drill',
      vpcId: 'vpc-drill',
      subnets: [
        { id: 'subnet-a', zone: 'eu-west-1a' },
        { id: 'subnet-b', zone: 'eu-west-1b' },
      ],
    },
    { name: 'default', vpcId: 'vpc-default', subnets: [{ id: 'subnet-d', zone: 'eu-west-1a' }] },
  ],
  securityGroups: [
    { id: 'sg-drill', vpcId: 'vpc-drill' },
    { id: 'sg-elsewhere', vpcId: 'vpc-default' },
  ],
  parameterGroups: [
    { name: 'own18', family: 'postgres18' },
    { name: 'own16', family: 'postgres16' },
  ],
};

export const delays = { creating: 60, backingUp: 20, noticing: 30, resetting: 60, deleting: 30 };

/** Long enough that a test on a busy machine sees the states which an instance only passes through. */
export const visible = { creating: 400, backingUp: 1_500, noticing: 30, resetting: 1_500, deleting: 400 };

export interface Account {
  readonly engine: FakeEngine;
  readonly rds: RehearsedRds;
  readonly aws: RunningAws;
  readonly client: RDSClient;
  as(accessKeyId: string): RDSClient;
  instance(identifier: string): Promise<DBInstance>;
  reaches(identifier: string, status: string): Promise<DBInstance>;
  gone(identifier: string): Promise<void>;
  close(): Promise<void>;
}

/** An account with one production database, `orders`, unless told otherwise. */
export async function openAccount(
  options: Partial<RdsOptions> & {
    faults?: Faults;
    source?: Partial<AdoptedSource> | null;
    callers?: Record<string, Principal>;
  } = {},
): Promise<Account> {
  const engine = new FakeEngine();
  const { source = {}, callers, ...more } = options;
  const rds = new RehearsedRds({ ...place, engine, registry, delays: visible, lagSeconds: 0.2, ...more });
  if (source) {
    await rds.adoptSource({ identifier: 'orders', database: await engine.create(), ...source });
  }
  const aws = await start([rds.service()], callers, { faults: options.faults });
  const clients: RDSClient[] = [];
  const as = (accessKeyId: string) => {
    const client = new RDSClient(clientOf(aws, accessKeyId));
    clients.push(client);
    return client;
  };
  const client = as('AKIAADMIN');
  const instance = async (identifier: string) => {
    const answer = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }));
    return answer.DBInstances![0];
  };
  return {
    engine,
    rds,
    aws,
    client,
    as,
    instance,
    reaches: (identifier, status) =>
      until(
        () => instance(identifier),
        (one) => one.DBInstanceStatus === status,
      ),
    gone: async (identifier) => {
      await until(
        () => instance(identifier).catch((error: Error) => error.name),
        (found) => found === 'DBInstanceNotFoundFault',
      );
    },
    close: async () => {
      clients.forEach((one) => one.destroy());
      await aws.close();
      await rds.close();
      expect(aws.problems).toEqual([]);
    },
  };
}

export { rejection };
