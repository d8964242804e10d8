import { RemovalPolicy, type Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  AuroraMysqlEngineVersion,
  AuroraPostgresEngineVersion,
  CfnDBCluster,
  type CfnDBClusterProps,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  type DatabaseClusterProps,
} from 'aws-cdk-lib/aws-rds';
import { BackupTiers, Engine } from '../../../lib';
import { newApp } from '../app';
import { days, only } from '../backup/support';
import { drilled, flatten, monitorsOf, newPlan, newStack, statementsOf } from '../support';

const postgres = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 });
const backup = BackupTiers.grandfatherFatherSon();

function aurora(stack: Stack, props: Partial<DatabaseClusterProps> = {}, id = 'Ledger'): DatabaseCluster {
  const vpc = (stack.node.tryFindChild('Vpc') as Vpc) ?? new Vpc(stack, 'Vpc', { maxAzs: 2 });
  const writer = ClusterInstance.serverlessV2('Writer');
  return new DatabaseCluster(stack, id, { engine: postgres, writer, vpc, ...props });
}

/** Two readable standbys: the CDK has no construct of its own for it. */
function multiAz(stack: Stack, props: CfnDBClusterProps = {}): CfnDBCluster {
  return new CfnDBCluster(stack, 'Ledger', {
    engine: 'postgres',
    dbClusterInstanceClass: 'db.m6gd.large',
    allocatedStorage: 100,
    iops: 3_000,
    storageType: 'io1',
    preferredBackupWindow: '09:00-09:30',
    ...props,
  });
}

const clusterOf = (stack: Stack) => only(stack, 'AWS::RDS::DBCluster').Properties;

describe.each<[string, (stack: Stack) => CfnDBCluster | DatabaseCluster, Engine, string]>([
  ['an Aurora cluster', aurora, Engine.AURORA_POSTGRESQL, 'Aurora cluster of aurora-postgresql'],
  ['a Multi-AZ DB cluster', multiAz, Engine.POSTGRES, 'Multi-AZ DB cluster of postgres'],
])('%s of the app', (_, cluster, engine, words) => {
  test('is set so that it can be recovered', () => {
    const stack = newStack();
    const resource = newPlan(stack).protectCluster('Ledger', cluster(stack));
    expect([resource.resourceName, resource.engine, resource.owned]).toEqual(['Gold/Ledger', engine, true]);
    expect(clusterOf(stack)).toMatchObject({
      BackupRetentionPeriod: 7,
      CopyTagsToSnapshot: true,
      DeletionProtection: true,
      DeleteAutomatedBackups: false,
    });
  });

  test('is left as it is where it is not managed', () => {
    const [stack, before] = [newStack(), newStack()];
    cluster(before);
    newPlan(stack).protectCluster('Ledger', cluster(stack), { manage: false });
    expect(clusterOf(stack)).toEqual(clusterOf(before));
  });

  test('has no drill, and a warning says so', () => {
    const app = newApp();
    const stack = newStack(undefined, app);
    const plan = newPlan(stack);
    plan.protectCluster('Ledger', cluster(stack));
    expect(() => app.synth()).not.toThrow();
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
    expect(warnings.map(({ entry }) => entry.data)).toEqual([
      expect.stringContaining(
        `Gold/Ledger is protected, and nothing proves that it can be recovered: drills restore RDS instances of postgres, and no ${words} yet`,
      ),
    ]);
    expect(monitorsOf(stack)[0].resources).toEqual([
      expect.objectContaining({ name: 'Gold/Ledger', kind: 'db-cluster', profile: 0 }),
    ]);
    expect(monitorsOf(stack)[0].resources[0].provenSeconds).toBeUndefined();
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { MetricName: 'DrillAgeRatio' }, 0);
  });
});

describe('a managed cluster that says less', () => {
  test.each<[string, Partial<DatabaseClusterProps>, RegExp]>([
    ['of few days', { backup: { retention: days(3) } }, /backupRetention of Gold\/Ledger is 3 days, .* 7 days or more/],
    ['of tags', { copyTagsToSnapshot: false }, /copyTagsToSnapshot of Gold\/Ledger is false, .* allowed is true/],
    ['of protection', { deletionProtection: false }, /deletionProtection of Gold\/Ledger is false, .* allowed is true/],
    [
      'of its end',
      { removalPolicy: RemovalPolicy.DESTROY },
      /removalPolicy of Gold\/Ledger is DESTROY, .* SNAPSHOT or/,
    ],
  ])('%s fails', (_, props, message) => {
    const stack = newStack();
    const cluster = aurora(stack, props);
    expect(() => newPlan(stack).protectCluster('Ledger', cluster)).toThrow(message);
    expect(() => newPlan(stack, {}, 'Silver').protectCluster('Ledger', cluster, { manage: false })).not.toThrow();
  });

  test('of retained backups fails', () => {
    const stack = newStack();
    expect(() => newPlan(stack).protectCluster('Ledger', multiAz(stack, { deleteAutomatedBackups: true }))).toThrow(
      /deleteAutomatedBackups of Gold\/Ledger is true, .* allowed is false/,
    );
  });

  test('of any backups fails', () => {
    const stack = newStack();
    const plan = newPlan(stack);
    expect(() =>
      plan.protectCluster('Ledger', multiAz(stack, { backupRetentionPeriod: 0 }), { manage: false }),
    ).toThrow(
      'no recovery objective of Gold/Ledger can be met: its automated backups are off; set its backupRetention',
    );
  });

  test('and more is kept', () => {
    const stack = newStack();
    newPlan(stack).protectCluster('Ledger', aurora(stack, { backup: { retention: days(35) } }));
    expect(clusterOf(stack).BackupRetentionPeriod).toBe(35);
  });
});

describe('an observed cluster', () => {
  const imported = (stack: Stack, engine?: DatabaseClusterProps['engine']) =>
    DatabaseCluster.fromDatabaseClusterAttributes(stack, `Db${engine?.engineType}`, {
      clusterIdentifier: 'Legacy-Ledger',
      engine,
    });

  test('is imported with its engine, or known by identifier', () => {
    const stack = newStack();
    const plan = newPlan(stack);
    const mysql = DatabaseClusterEngine.auroraMysql({ version: AuroraMysqlEngineVersion.VER_3_08_0 });
    const one = plan.protectCluster('One', imported(stack, mysql));
    const two = plan.protectClusterById('Two', 'LEGACY-two', { engine: Engine.MYSQL });
    expect([one.identifier, one.engine, one.owned]).toEqual(['legacy-ledger', Engine.AURORA_MYSQL, false]);
    expect([two.identifier, two.engine, two.owned]).toEqual(['legacy-two', Engine.MYSQL, false]);
  });

  test('needs its engine said, and cannot be managed', () => {
    const stack = newStack();
    const plan = newPlan(stack);
    expect(() => plan.protectCluster('One', imported(stack))).toThrow(/engine of Gold\/One is not known here: give it/);
    expect(() => plan.protectClusterById('One', 'x', {} as never)).toThrow(/engine of Gold\/One is not known here/);
    expect(() => plan.protectCluster('One', imported(stack, postgres), { manage: true })).toThrow(
      'Gold/One is imported, and what is not of this app is never changed',
    );
  });

  test.each(['', 'a--b', 'a*', `${'a'.repeat(64)}`])('fails for identifier %j', (identifier) => {
    const plan = newPlan(newStack());
    expect(() => plan.protectClusterById('One', identifier, { engine: Engine.MYSQL })).toThrow(
      /identifier of Gold\/One must be 1 to 63 letters/,
    );
  });

  test('may be known by a token', () => {
    const stack = newStack();
    const plan = newPlan(stack, { backup });
    plan.protectClusterById('One', Token.asString({ Ref: 'Id' }), { engine: Engine.AURORA_MYSQL });
    expect(flatten(only(stack, 'AWS::Backup::BackupSelection').Properties.BackupSelection.Resources)).toMatch(
      /:cluster:<Id>$/,
    );
  });
});

describe('fails for', () => {
  test.each<[string, (stack: Stack) => CfnDBCluster | DatabaseCluster, RegExp]>([
    [
      'Aurora Limitless by type',
      (stack) => multiAz(stack, { engine: 'aurora-postgresql', clusterScalabilityType: 'limitless' }),
      /Gold\/Ledger is an Aurora Limitless database and cannot be protected: RDS cannot retain .*; supported: /,
    ],
    [
      'Aurora Limitless by version',
      (stack) => multiAz(stack, { engine: 'aurora-postgresql', engineVersion: '16.4-limitless' }),
      /is an Aurora Limitless database/,
    ],
    [
      'Aurora Serverless v1',
      (stack) => multiAz(stack, { engine: 'aurora-mysql', engineMode: 'serverless' }),
      /Gold\/Ledger is Aurora Serverless v1 and cannot be protected: AWS has ended it; supported: /,
    ],
    [
      'Neptune',
      (stack) => multiAz(stack, { engine: 'neptune' }),
      /runs neptune and cannot be protected: no database of RDS/,
    ],
    ['Aurora MySQL 5.6', (stack) => multiAz(stack, { engine: 'aurora' }), /Aurora MySQL 5.6, which AWS has ended/],
    [
      'an engine of instances',
      (stack) => multiAz(stack, { engine: 'mariadb' }),
      /Gold\/Ledger runs mariadb and cannot be protected: that is an RDS instance, not a Multi-AZ DB cluster: use protectInstance/,
    ],
  ])('%s', (_, cluster, message) => {
    const stack = newStack();
    expect(() => newPlan(stack).protectCluster('Ledger', cluster(stack))).toThrow(message);
  });

  test('one resource name twice', () => {
    const plan = newPlan(newStack());
    drilled(plan);
    expect(() => plan.protectClusterById('Orders', 'x', { engine: Engine.MYSQL })).toThrow(/by the id Orders already/);
  });

  test('another Region than its site', () => {
    const app = newApp();
    const cluster = aurora(newStack({ region: 'eu-west-1' }, app, 'Db'));
    const plan = newPlan(newStack({ region: 'eu-central-1' }, app, 'Plan'));
    expect(() => plan.protectCluster('Ledger', cluster)).toThrow(/is in Region eu-west-1 and its site in eu-central-1/);
  });
});

describe('AWS Backup', () => {
  test('takes clusters under a plan and a role of their own, and exactly these', () => {
    const app = newApp();
    const stack = newStack({ account: '111122223333', region: 'eu-west-1' }, app);
    const plan = newPlan(stack, { backup });
    plan.protectCluster('Ledger', aurora(stack));
    plan.protectClusterById('Legacy', 'legacy', { engine: Engine.MYSQL });
    drilled(plan);
    app.synth();
    const selections = Object.values(Template.fromStack(stack).findResources('AWS::Backup::BackupSelection')).map(
      ({ Properties }) => (Properties.BackupSelection.Resources as unknown[]).map(flatten).map((arn) => arn.slice(25)),
    );
    expect(selections.sort((a, b) => a.length - b.length)).toEqual([
      [expect.stringMatching(/:db:orders-prod$/)],
      [expect.stringMatching(/:cluster:<Ledger[0-9A-F]{8}>$/), expect.stringMatching(/:cluster:legacy$/)],
    ]);
    const [instances, clusters] = [plan.tieredBackup!, plan.tieredClusterBackup!].map(({ role }) =>
      statementsOf(stack, role).flatMap(({ Action }) => Action),
    );
    expect(instances.join()).not.toContain('Cluster');
    expect([...new Set(clusters)].sort()).toEqual(
      [
        'backup:DescribeBackupVault',
        'rds:AddTagsToResource',
        'rds:CreateDBClusterSnapshot',
        'rds:DeleteDBClusterSnapshot',
        'rds:DescribeDBClusterSnapshots',
        'rds:DescribeDBClusters',
        'rds:ListTagsForResource',
        'tag:GetResources',
        ...['kms:CreateGrant', 'kms:DescribeKey'],
      ].sort(),
    );
  });

  test('changes and removes nothing but snapshots of its own', () => {
    const stack = newStack();
    const plan = newPlan(stack, { backup });
    plan.protectCluster('Ledger', aurora(stack));
    const changes = statementsOf(stack, plan.tieredClusterBackup!.role).filter(({ Action }) =>
      [Action].flat().some((each) => /:(Add|Create|Delete|Copy|Modify)/.test(each)),
    );
    const resources = changes.flatMap(({ Resource }) => [Resource].flat().map(flatten));
    expect(resources.length).toBeGreaterThan(1);
    expect(resources.filter((each) => !/:cluster-snapshot:awsbackup:\*$|:cluster:<Ledger\w+>$/.test(each))).toEqual([]);
  });

  test('of a plan with clusters alone has no plan for instances', () => {
    const app = newApp();
    const stack = newStack(undefined, app);
    const plan = newPlan(stack, { backup });
    plan.protectCluster('Ledger', aurora(stack));
    app.synth();
    expect(plan.tieredBackup).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::Backup::BackupPlan', 1);
  });

  test.each<[string, (stack: Stack) => Partial<DatabaseClusterProps>, RegExp | undefined]>([
    ['its own key', (stack) => ({ storageEncryptionKey: new Key(stack, 'Key') }), /^<Key.*\.Arn>$/],
    ['the key of RDS', () => ({ storageEncrypted: true }), /:key\/\*$/],
    ['a key of AWS', () => ({}), undefined],
  ])('uses %s', (_, props, resource) => {
    const stack = newStack();
    const plan = newPlan(stack, { backup });
    plan.protectCluster('Ledger', aurora(stack, props(stack)));
    const grants = statementsOf(stack, plan.tieredClusterBackup!.role).filter(
      ({ Action }) => Action === 'kms:CreateGrant',
    );
    expect(grants.map(({ Resource }) => flatten(Resource))).toEqual(resource ? [expect.stringMatching(resource)] : []);
  });

  test('uses any key for a cluster restored from a snapshot, which does not reveal its own', () => {
    const stack = newStack();
    const plan = newPlan(stack, { backup });
    plan.protectCluster('Ledger', multiAz(stack, { snapshotIdentifier: 'before' }));
    const actions = statementsOf(stack, plan.tieredClusterBackup!.role).flatMap(({ Action }) => Action);
    expect(actions).toContain('kms:CreateGrant');
  });
});
