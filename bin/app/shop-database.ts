import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';

/** The smallest PostgreSQL that can be restored to a moment: encrypted, with automated backups, in isolated subnets. */
export function shopDatabase(scope: Construct): DatabaseInstance {
  const vpc = new Vpc(scope, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Database', subnetType: SubnetType.PRIVATE_ISOLATED }],
    restrictDefaultSecurityGroup: false,
  });
  return new DatabaseInstance(scope, 'Orders', {
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_18_3 }),
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    credentials: Credentials.fromGeneratedSecret('shop'),
    databaseName: 'shop',
    allocatedStorage: 20,
    storageEncrypted: true,
    backupRetention: Duration.days(7),
    deletionProtection: false,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
