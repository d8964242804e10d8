import { type App, Duration, NestedStack, type Stack, Stage, Token } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  type CfnDBInstance,
  DatabaseInstance,
  DatabaseInstanceEngine,
  type DatabaseInstanceProps,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { BackupTiers, DrillSchedule, Engine, type RecoveryPlanProps, RecoverySource } from '../../../lib';
import type { ResourceInventory, SourceInventory } from '../../../lib/private/contract/inventory';
import { unreachable } from '../../../lib/private/objectives/reach';
import { newApp } from '../app';
import { newPlan, newStack } from '../support';

const weekly = { schedule: DrillSchedule.weekly() };
const { minutes, hours, days } = Duration;
const none = days(0);
const DAY = 86_400;

function database(stack: Stack, props: Partial<DatabaseInstanceProps> = {}): DatabaseInstance {
  return new DatabaseInstance(stack, 'Db', {
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 }),
    vpc: new Vpc(stack, 'Vpc', { maxAzs: 2 }),
    ...props,
  } as DatabaseInstanceProps);
}

/** What the only resource of an app says of itself in the assembly. */
function inventory(app: App): ResourceInventory {
  const found = app.synth().stacksRecursively.flatMap((stack) => stack.findMetadataByType('cdk-recoverable:resource'));
  expect(found).toHaveLength(1);
  return found[0].data as unknown as ResourceInventory;
}

describe('what a plan says of a resource in the cloud assembly', () => {
  test('that is owned', () => {
    const app = newApp();
    const stack = newStack({ account: '111122223333', region: 'eu-west-1' }, app);
    const db = database(stack, { storageEncryptionKey: new Key(stack, 'Key') });
    const plan = newPlan(stack);
    const resource = plan.protectInstance('Orders', db);
    resource.addDrill('Weekly', weekly);
    const logicalId = stack.getLogicalId(db.node.defaultChild as CfnDBInstance);
    const rds = {
      storage: 'rds',
      account: '111122223333',
      region: 'eu-west-1',
      known: true,
      retentionDays: 7,
      key: stack.resolve((db.node.defaultChild as CfnDBInstance).kmsKeyId),
    };
    expect(inventory(app)).toEqual({
      schema: 'cdk-recoverable/resource/v1',
      site: plan.site.siteName,
      plan: 'Gold',
      owner: 'Payments',
      name: 'Gold/Orders',
      kind: 'db-instance',
      engine: 'postgres',
      identifier: { Ref: logicalId },
      ownership: 'owned',
      declared: { template: 'Test.template.json', logicalId },
      account: '111122223333',
      region: 'eu-west-1',
      objectives: {
        rpo: { objectiveSeconds: 900, best: { seconds: 300, source: 'point in time', known: true } },
        regionLossRpo: {},
        rtoSeconds: 7200,
      },
      sources: [
        { kind: 'point-in-time', name: 'point in time', oldestSeconds: 300, ...rds },
        { kind: 'snapshot', name: 'automated snapshots', oldestSeconds: DAY, everyDays: 1, ...rds },
      ],
      sets: [
        { property: 'BackupRetentionPeriod', value: 7 },
        { property: 'DeletionProtection', value: true },
        { property: 'DeleteAutomatedBackups', value: false },
      ],
      drills: [{ name: 'Gold/Orders/Weekly', intervalSeconds: 7 * DAY, sources: ['point-in-time'] }],
    });
    expect(JSON.stringify(rds.key)).toMatch(/GetAtt/);
  });

  test('that says everything itself, or is not managed: nothing is set', () => {
    const app = newApp();
    const stack = newStack(undefined, app);
    const said = { backupRetention: Duration.days(14), deletionProtection: true, deleteAutomatedBackups: false };
    newPlan(stack).protectInstance('Orders', database(stack, said)).addDrill('Weekly', weekly);
    expect(inventory(app).sets).toEqual([]);
    const other = newApp();
    const unmanaged = newStack(undefined, other);
    newPlan(unmanaged).protectInstance('Orders', database(unmanaged), { manage: false }).addDrill('Weekly', weekly);
    expect(inventory(other).sets).toEqual([]);
  });

  test('that is observed: what only the account knows is not said', () => {
    const app = newApp();
    const plan = newPlan(newStack(undefined, app));
    const identifier = Token.asString({ Ref: 'Identifier' });
    plan.protectInstanceById('Orders', identifier, { engine: Engine.POSTGRES }).addDrill('Weekly', {
      ...weekly,
      sources: [RecoverySource.pointInTime(), RecoverySource.snapshot()],
    });
    const said = inventory(app);
    expect(said).toMatchObject({
      identifier: { Ref: 'Identifier' },
      ownership: 'observed',
      sets: [],
      account: 'unknown-account',
      region: 'unknown-region',
      objectives: { rpo: { best: { seconds: 300, known: false } } },
      drills: [{ sources: ['point-in-time', 'snapshot'] }],
    });
    expect(said).not.toHaveProperty('declared');
    for (const source of said.sources) {
      expect(source).not.toHaveProperty('retentionDays');
      expect(source).not.toHaveProperty('key');
      expect(source.known).toBe(false);
    }
  });

  test('with backup tiers: one source each', () => {
    const app = newApp();
    const plan = newPlan(newStack(undefined, app), {
      backup: BackupTiers.grandfatherFatherSon({ yearly: days(2_557), startWindow: hours(2) }),
    });
    plan.protectInstanceById('Orders', 'orders', { engine: Engine.POSTGRES }).addDrill('Weekly', weekly);
    const points = inventory(app).sources.filter(({ kind }) => kind === 'recovery-point');
    expect(
      points.map(({ tier, everyDays, oldestSeconds, retentionDays, known, storage }) => [
        ...[tier, everyDays, oldestSeconds, retentionDays, known, storage],
      ]),
    ).toEqual([
      ['daily', 1, DAY + 7200, 30, true, 'aws-backup'],
      ['weekly', 7, 7 * DAY + 7200, 90, true, 'aws-backup'],
      ['monthly', 31, 31 * DAY + 7200, 365, true, 'aws-backup'],
      ['yearly', 366, 366 * DAY + 7200, 2_557, true, 'aws-backup'],
    ]);
  });

  test('in a stage, with its database in a nested stack', () => {
    const app = newApp();
    const stack = newStack(undefined, new Stage(app, 'Prod') as never);
    const nested = new NestedStack(stack, 'Data');
    const db = database(nested);
    newPlan(stack).protectInstance('Orders', db).addDrill('Weekly', weekly);
    const { declared } = inventory(app);
    expect(declared).toEqual({
      template: nested.templateFile,
      logicalId: nested.getLogicalId(db.node.defaultChild as CfnDBInstance),
    });
    expect(declared?.template).toMatch(/nested\.template\.json$/);
  });

  test.each<[string, Partial<DatabaseInstanceProps>, unknown]>([
    ['encrypted by the key of RDS', { storageEncrypted: true }, 'aws/rds'],
    ['not encrypted', { storageEncrypted: false }, 'none'],
  ])('%s', (_, props, key) => {
    const app = newApp();
    const stack = newStack(undefined, app);
    newPlan(stack).protectInstance('Orders', database(stack, props)).addDrill('Weekly', weekly);
    expect(inventory(app).sources.map((source) => source.key)).toEqual([key, key]);
  });

  test('what is changed after it was protected counts', () => {
    const app = newApp();
    const stack = newStack(undefined, app);
    const db = database(stack);
    newPlan(stack).protectInstance('Orders', db).addDrill('Weekly', weekly);
    (db.node.defaultChild as CfnDBInstance).backupRetentionPeriod = 21;
    expect(inventory(app).sources[0].retentionDays).toBe(21);
  });
});

describe('objectives that cannot be met', () => {
  const protect = (props: Partial<RecoveryPlanProps>, db: Partial<DatabaseInstanceProps> = {}) => {
    const stack = newStack({ region: 'eu-west-1' });
    const options = db.backupRetention ? { manage: false } : {};
    return newPlan(stack, props).protectInstance('Orders', database(stack, db), options);
  };
  const off = { backupRetention: none };
  const daily = BackupTiers.grandfatherFatherSon({ weekly: none, monthly: none });
  const promising = (rpo: Duration, regionLossRpo?: Duration) => ({
    objectives: { rpo, rto: hours(1), regionLossRpo },
  });

  test('name the objective, the best that can be reached, and what would reach it', () => {
    expect(() => protect({ backup: daily }, off)).toThrow(
      'objective rpo of 15 minutes of Gold/Orders cannot be met: the best source is daily recovery points, up to 1 day 1 hour old; automated backups would reach 5 minutes: set its backupRetention to at least 1 day',
    );
    expect(() => protect({ backup: daily, ...promising(hours(24)) }, off)).toThrow(/objective rpo of 1 day of/);
    expect(() => protect({ backup: daily, ...promising(hours(25)) }, off)).not.toThrow();
    expect(() => protect({ ...promising(days(60)) }, off)).toThrow(/no recovery objective of Gold\/Orders can be met/);
  });

  test('for the loss of the Region count only what is elsewhere', () => {
    expect(() => protect(promising(minutes(15), hours(1)))).toThrow(
      'objective regionLossRpo of 1 hour of Gold/Orders cannot be met: every source is in eu-west-1 and lost with it; a copy in another Region would remain: name one in copyTo of its plan, or promise less',
    );
    const stack = newStack();
    const plan = newPlan(stack, promising(minutes(15), days(2)));
    expect(() => plan.protectInstanceById('Orders', 'orders', { engine: Engine.POSTGRES })).toThrow(
      /every source is in unknown-region/,
    );
  });

  const copy: SourceInventory = {
    kind: 'copy',
    name: 'daily copies',
    storage: 'aws-backup',
    account: '111122223333',
    region: 'eu-central-1',
    oldestSeconds: DAY + 7200,
    known: true,
  };

  test.each([
    [
      days(1),
      [
        'objective regionLossRpo of 1 day of Gold/Orders cannot be met: the best source is daily copies in eu-central-1, up to 1 day 2 hours old; of an instance every tier is copied and RDS can replicate automated backups, of a cluster the weekly tier alone is copied: see that the plan has what would reach it, or promise less',
      ],
    ],
    [hours(26), []],
  ])('a copy elsewhere meets %s if it is young enough', (regionLossRpo, problems) => {
    const objectives = { rpo: days(2), rto: hours(1), regionLossRpo };
    const sources = [{ ...copy, region: 'eu-west-1', oldestSeconds: 300 }, copy];
    expect(unreachable({ name: 'Gold/Orders', region: 'eu-west-1', objectives, sources })).toEqual(problems);
  });

  test('do not synthesize where the app turns backups off later', () => {
    const app = newApp();
    const stack = newStack(undefined, app);
    const db = database(stack);
    newPlan(stack).protectInstance('Orders', db).addDrill('Weekly', weekly);
    (db.node.defaultChild as CfnDBInstance).backupRetentionPeriod = 0;
    expect(() => app.synth()).toThrow(
      /no recovery objective of Gold\/Orders can be met: its automated backups are off/,
    );
  });

  test('are an error, and what synthesis cannot know is none', () => {
    const stack = newStack();
    const db = database(stack);
    (db.node.defaultChild as CfnDBInstance).backupRetentionPeriod = Token.asNumber({ Ref: 'Days' });
    expect(() => newPlan(stack).protectInstance('Orders', db)).not.toThrow();
  });

  test.each([
    [minutes(4), /objective regionLossRpo of 4 minutes cannot be met: RDS keeps .* the least is 5 minutes/],
    [minutes(Token.asNumber({ Ref: 'R' })), /objective regionLossRpo must be known at synthesis/],
  ])('regionLossRpo of %s', (regionLossRpo, message) => {
    expect(() => newPlan(newStack(), promising(minutes(15), regionLossRpo))).toThrow(message);
  });
});
