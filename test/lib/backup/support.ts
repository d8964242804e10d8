import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  DatabaseInstance,
  DatabaseInstanceEngine,
  type DatabaseInstanceProps,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';

export function database(stack: Stack, props: Partial<DatabaseInstanceProps> = {}, id = 'Db'): DatabaseInstance {
  const vpc = (stack.node.tryFindChild('Vpc') as Vpc) ?? new Vpc(stack, 'Vpc', { maxAzs: 2 });
  return new DatabaseInstance(stack, id, {
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 }),
    vpc,
    storageEncrypted: true,
    ...props,
  });
}

/** The only resource of a type. */
export function only(stack: Stack, type: string) {
  const found = Object.values(Template.fromStack(stack).findResources(type));
  expect(found).toHaveLength(1);
  return found[0];
}

export const days = (count: number) => Duration.days(count);
