import { App, SecretValue, Stack } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
  SubnetGroup,
} from 'aws-cdk-lib/aws-rds';

/** What both sides of the comparison protect: databases in one network, one resource each. */
export function databases(count: number, protect: (stack: Stack, databases: DatabaseInstance[]) => void): void {
  const app = new App({ outdir: process.argv[3], analyticsReporting: false });
  const stack = new Stack(app, 'Databases', { env: { region: 'eu-west-1', account: '111122223333' } });
  const vpc = new Vpc(stack, 'Vpc', {
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    natGateways: 0,
    subnetConfiguration: [{ name: 'Database', subnetType: SubnetType.PRIVATE_ISOLATED }],
    restrictDefaultSecurityGroup: false,
  });
  const subnetGroup = new SubnetGroup(stack, 'Subnets', {
    description: 'Databases',
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
  });
  const securityGroups = [new SecurityGroup(stack, 'SecurityGroup', { vpc })];
  const made = Array.from(
    { length: count },
    (_, index) =>
      new DatabaseInstance(stack, `Db${index + 1}`, {
        engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_18_3 }),
        instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
        credentials: Credentials.fromPassword('shop', SecretValue.ssmSecure('/shop/password')),
        storageEncrypted: true,
        ...{ vpc, subnetGroup, securityGroups },
      }),
  );
  protect(stack, made);
  const { stacks } = app.synth();
  const { user, system } = process.cpuUsage();
  const types: Record<string, number> = {};
  for (const { Type } of stacks.flatMap(({ template }) => Object.values<{ Type: string }>(template.Resources))) {
    types[Type] = (types[Type] ?? 0) + 1;
  }
  process.stdout.write(JSON.stringify({ seconds: (user + system) / 1e6, types }));
}
