import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  DatabaseInstance,
  DatabaseInstanceEngine,
  type IInstanceEngine,
  MysqlEngineVersion,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { BackupTiers, DrillSchedule, Engine } from '../../../lib';
import { REFUSED, SUPPORTED } from '../../../lib/private/databases/support';
import { newApp } from '../app';
import { database } from '../backup/support';
import { actionsOf, monitorsOf, newPlan, newStack, statementsOf } from '../support';

const weekly = { schedule: DrillSchedule.weekly() };
const mysql = DatabaseInstanceEngine.mysql({ version: MysqlEngineVersion.VER_8_0 });

describe('docs/support.md', () => {
  const page = readFileSync(path.join(__dirname, '..', '..', '..', 'docs', 'support.md'), 'utf8');

  test('shows what the code decides by', () => {
    const shown = page.split('\n').filter((line) => /\| (yes|no) \|$/.test(line));
    const yes = (value: boolean) => (value ? 'yes' : 'no');
    expect(shown).toEqual(
      SUPPORTED.map(
        ({ kind, engine, continuous, copies, drills }) =>
          `| ${kind} | ${engine.engineName} | yes | yes | ${yes(continuous)} | ${yes(copies)} | ${yes(drills)} |`,
      ),
    );
  });

  test.each(['custom-oracle-ee', 'db2-se', 'aurora', 'oracle-se', 'oracle-se1', 'neptune', 'docdb', 'aurora-dsql'])(
    'has a reason against %s',
    (name) => {
      expect(REFUSED.filter(({ engine }) => engine.test(name))).toHaveLength(1);
      expect(SUPPORTED.map(({ engine }) => engine.engineName)).not.toContain(name);
    },
  );
});

test('every engine that can be given can be protected in some way', () => {
  const engines = Object.values(Engine).filter((value) => value instanceof Engine);
  expect(engines.length).toBeGreaterThan(10);
  expect(new Set(SUPPORTED.map(({ engine }) => engine))).toEqual(new Set(engines));
});

describe('an instance that drills cannot restore', () => {
  function protectedMysql() {
    const app = newApp();
    const stack = newStack(undefined, app);
    const plan = newPlan(stack, { backup: BackupTiers.grandfatherFatherSon() });
    const db = database(stack, { engine: mysql, preferredBackupWindow: '10:00-10:30' });
    return { app, stack, plan, resource: plan.protectInstance('Orders', db) };
  }

  test('is managed and backed up all the same, and a warning says that nothing proves it', () => {
    const { app, stack, plan, resource } = protectedMysql();
    expect(() => app.synth()).not.toThrow();
    expect([resource.engine, resource.provenAlarm]).toEqual([Engine.MYSQL, undefined]);
    Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBInstance', { DeleteAutomatedBackups: false });
    Template.fromStack(stack).resourceCountIs('AWS::Backup::BackupSelection', 1);
    Annotations.fromStack(stack).hasWarning(
      '/Test/Gold/Orders',
      Match.stringLikeRegexp(
        'Gold/Orders is protected, and nothing proves that it can be recovered: drills restore RDS instances of postgres, and no RDS instance of mysql yet',
      ),
    );
    // What it could be recovered from is watched; that it was proven is not, and nothing may be restored from it.
    expect(monitorsOf(stack)[0].resources[0]).toMatchObject({ name: 'Gold/Orders', profile: 0 });
    expect(monitorsOf(stack)[0].resources[0].provenSeconds).toBeUndefined();
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { MetricName: 'DrillAgeRatio' }, 0);
    expect(actionsOf(statementsOf(stack, plan.site.functions.restore.role))).not.toContain('kms:CreateGrant');
    expect(statementsOf(stack, plan.site.functions.restore.role).map(({ Sid }) => Sid)).not.toContain('RestoreFrom');
  });

  test('takes no drill', () => {
    expect(() => protectedMysql().resource.addDrill('Weekly', weekly)).toThrow(
      'Gold/Orders cannot be drilled: drills restore RDS instances of postgres, and no RDS instance of mysql yet; it stays protected without addDrill',
    );
  });

  test('leaves the others of its plan drilled', () => {
    const { stack, plan } = protectedMysql();
    plan.protectInstanceById('Legacy', 'legacy', { engine: Engine.POSTGRES }).addDrill('Weekly', weekly);
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { MetricName: 'DrillAgeRatio' }, 1);
    expect(plan.monitor.schedules).toHaveLength(1);
  });
});

describe('fails for', () => {
  const supported =
    /supported: RDS instances of postgres, mysql, mariadb, .*; Aurora clusters of aurora-postgresql, aurora-mysql; Multi-AZ DB clusters of postgres, mysql$/;

  test.each([
    ['custom-sqlserver-se', /Gold\/Db runs custom-sqlserver-se and cannot be protected: RDS Custom, which AWS Backup/],
    ['db2-ae', /Gold\/Db runs db2-ae and cannot be protected: RDS for Db2/],
    ['docdb', /Gold\/Db runs docdb and cannot be protected: no database of RDS/],
    ['aurora-mysql', /that is an Aurora cluster, not an RDS instance: use protectCluster; supported/],
    ['cobol', /Gold\/Db runs cobol and cannot be protected: it is not known here; supported/],
  ])('an instance of %s', (engineType, message) => {
    const stack = newStack();
    const instance = DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Db', {
      instanceIdentifier: 'db',
      instanceEndpointAddress: 'x',
      port: 1,
      securityGroups: [],
      engine: { engineType } as IInstanceEngine,
    });
    const protect = () => newPlan(stack).protectInstance('Db', instance);
    expect(protect).toThrow(message);
    expect(() => newPlan(stack, {}, 'Silver').protectInstance('Db', instance)).toThrow(supported);
  });

  test('the engine of a cluster, by identifier', () => {
    expect(() => newPlan(newStack()).protectInstanceById('Db', 'x', { engine: Engine.AURORA_POSTGRESQL })).toThrow(
      /Gold\/Db runs aurora-postgresql and cannot be protected: that is an Aurora cluster, not an RDS instance: use protectCluster/,
    );
  });

  test('an engine that is not the one which runs', () => {
    const stack = newStack();
    const db = database(stack, { engine: mysql });
    expect(() => newPlan(stack).protectInstance('Db', db, { engine: Engine.POSTGRES })).toThrow(
      'Gold/Db runs mysql, and postgres is given as its engine: leave it out',
    );
    const same = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 });
    expect(() =>
      newPlan(stack, {}, 'Silver').protectInstance('Db', database(stack, { engine: same }, 'Same'), {
        engine: Engine.POSTGRES,
      }),
    ).not.toThrow();
  });

  test('what is no engine', () => {
    expect(() => newPlan(newStack()).protectInstanceById('Db', 'x', { engine: 'postgres' as never })).toThrow(
      'engine of Gold/Db must be one of Engine, such as Engine.POSTGRES, got: "postgres"',
    );
  });
});

test('an instance restored from a snapshot is under the key of that, which is not known', () => {
  const stack = newStack();
  const plan = newPlan(stack);
  const db = database(stack, { storageEncrypted: undefined });
  (db.node.defaultChild as unknown as { dbSnapshotIdentifier: string }).dbSnapshotIdentifier = 'before';
  plan.protectInstance('Orders', db).addDrill('Weekly', weekly);
  expect(actionsOf(statementsOf(stack, plan.site.functions.restore.role))).toContain('kms:CreateGrant');
});
