import { App, type Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
} from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { BackupTiers, DrillSchedule, Engine, type RecoveryPlan, RecoverySite } from '../../../lib';
import { flatten, newPlan, type Statement, statementsOf } from '../support';
import { database, only } from './support';

const HOME = '111122223333';
const OTHER = '444455556666';
const weekly = { schedule: DrillSchedule.weekly() };

const recommended = jest.requireActual<Record<string, unknown>>('aws-cdk-lib/recommended-feature-flags.json');

/** Where: the two Regions of a partition, and whether accounts are known at synthesis. */
const PLACES = [
  { place: 'accounts known', home: 'eu-west-1', dr: 'eu-central-1', partition: 'aws', suffix: 'amazonaws.com' },
  { place: 'accounts as tokens', home: 'eu-west-1', dr: 'eu-central-1', partition: 'aws', suffix: 'amazonaws.com' },
  {
    place: 'GovCloud',
    home: 'us-gov-west-1',
    dr: 'us-gov-east-1',
    partition: 'aws-us-gov',
    suffix: 'amazonaws.com',
  },
  { place: 'China', home: 'cn-north-1', dr: 'cn-northwest-1', partition: 'aws-cn', suffix: 'amazonaws.com.cn' },
] as const;

/** What is copied. */
const KINDS = {
  instance: {
    owned: (plan: RecoveryPlan, stack: Stack) =>
      void plan
        .protectInstance('Orders', database(stack, { storageEncryptionKey: new Key(stack, 'Key') }))
        .addDrill('Weekly', weekly),
    observed: (plan: RecoveryPlan) =>
      void plan.protectInstanceById('Orders', 'orders-prod', { engine: Engine.POSTGRES }).addDrill('Weekly', weekly),
    tiers: ['daily', 'weekly', 'monthly'],
    snapshot: 'snapshot',
    noun: 'DBSnapshot',
    backups: (plan: RecoveryPlan) => plan.tieredBackup!,
  },
  cluster: {
    owned: (plan: RecoveryPlan, stack: Stack) =>
      void plan.protectCluster(
        'Ledger',
        new DatabaseCluster(stack, 'Cluster', {
          engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 }),
          writer: ClusterInstance.serverlessV2('Writer'),
          vpc: new Vpc(stack, 'Vpc', { maxAzs: 2 }),
          storageEncryptionKey: new Key(stack, 'Key'),
        }),
      ),
    observed: (plan: RecoveryPlan) =>
      void plan.protectClusterById('Ledger', 'ledger-prod', { engine: Engine.AURORA_POSTGRESQL }),
    tiers: ['weekly'],
    snapshot: 'cluster-snapshot',
    noun: 'DBClusterSnapshot',
    backups: (plan: RecoveryPlan) => plan.tieredClusterBackup!,
  },
};

const CELLS = (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind) =>
  (['owned', 'observed'] as const).flatMap((ownership) =>
    [
      { regions: 2, accounts: 1 },
      { regions: 1, accounts: 2 },
      { regions: 2, accounts: 2 },
    ].flatMap((reach) =>
      PLACES.filter(({ place }) => place !== 'accounts as tokens' || reach.accounts === 1).flatMap((where) =>
        (where.place === 'accounts known' ? ['default', 'recommended'] : ['default']).map((flags) => ({
          ...{ kind, ownership, flags },
          ...reach,
          ...where,
        })),
      ),
    ),
  ),
);

type Cell = (typeof CELLS)[number];

function build({ kind, ownership, regions, accounts, home, dr, place, flags }: Cell) {
  const context = { ...(flags === 'recommended' ? recommended : {}), 'aws:cdk:disable-asset-staging': true };
  const app = new App({ context });
  const known = place !== 'accounts as tokens';
  const env = (region: string, account: string): Environment => ({ region, account: known ? account : undefined });
  const there = new Stack(app, 'There', { env: env(regions === 1 ? home : dr, accounts === 1 ? HOME : OTHER) });
  const destination = new RecoverySite(there, 'Recovery', {
    name: 'acme',
    alerts: { ticket: new Topic(there, 'Tickets') },
  });
  const stack = new Stack(app, 'Home', { env: env(home, HOME) });
  const plan = newPlan(stack, { backup: BackupTiers.grandfatherFatherSon(), copyTo: [destination] });
  KINDS[kind][ownership](plan, stack);
  const assembly = app.synth();
  return { stack, plan, there, destination, assembly };
}

/** As text, with everything that is known of the cell's environment put in. */
function plain(value: unknown, { partition, home, suffix }: Cell): string {
  return flatten(value)
    .replaceAll('<AWS.Partition>', partition)
    .replaceAll('<AWS.Region>', home)
    .replaceAll('<AWS.URLSuffix>', suffix)
    .replaceAll('<AWS.AccountId>', HOME);
}

const withAction = (statements: Statement[], action: string) =>
  statements.filter(({ Action }) => [Action].flat().includes(action));

/** What is said of the home stack, with the id of each. */
const messages = (assembly: ReturnType<typeof build>['assembly']) =>
  assembly.getStackByName('Home').messages.map(({ entry }) => String(entry.data));

describe.each(CELLS)('$kind, $ownership, $regions Regions, $accounts accounts, $place, $flags flags', (cell: Cell) => {
  const region = cell.regions === 1 ? cell.home : cell.dr;
  const account = cell.accounts === 1 ? HOME : OTHER;
  let built: ReturnType<typeof build>;
  beforeAll(() => {
    built = build(cell);
  });
  const all = (values: unknown) => [values].flat().map((each) => plain(each, cell));

  test('every tier of instances, and the weekly one of clusters, is copied to the vault of the other site, and kept as long', () => {
    const { stack, destination } = built;
    const rules = only(stack, 'AWS::Backup::BackupPlan').Properties.BackupPlan.BackupPlanRule as {
      RuleName: string;
      CopyActions?: { DestinationBackupVaultArn: unknown; Lifecycle: object }[];
      Lifecycle: object;
    }[];
    const name = destination.prefix.slice(0, -1);
    const arn = `arn:${cell.partition}:backup:${region}:${account}:backup-vault:${name}`;
    expect(rules).toHaveLength(3);
    const copied = rules.filter(({ CopyActions }) => CopyActions !== undefined);
    expect(copied.map(({ RuleName }) => RuleName)).toEqual(KINDS[cell.kind].tiers);
    for (const { CopyActions = [], Lifecycle } of copied) {
      expect(CopyActions.map((each) => plain(each.DestinationBackupVaultArn, cell))).toEqual([arn]);
      expect(CopyActions.map((each) => each.Lifecycle)).toEqual([Lifecycle]);
    }
    const vault = only(built.there, 'AWS::Backup::BackupVault').Properties;
    expect(vault.BackupVaultName).toBe(name);
    const [into, ...more] = withAction(
      statementsOf(stack, KINDS[cell.kind].backups(built.plan).role),
      'backup:CopyIntoBackupVault',
    );
    expect([all(into.Resource), more]).toEqual([[arn], []]);
  });

  test('the role may keep copies in its own account and share snapshots with no other than it must', () => {
    const statements = statementsOf(built.stack, KINDS[cell.kind].backups(built.plan).role);
    const { snapshot, noun } = KINDS[cell.kind];
    const snapshots = (at: string) => `arn:${cell.partition}:rds:${at}:${HOME}:${snapshot}:awsbackup:*`;
    const share = withAction(statements, `rds:Modify${noun}Attribute`).flatMap(({ Resource }) => all(Resource));
    const expire = withAction(statements, `rds:Delete${noun}`).flatMap(({ Resource }) => all(Resource));
    const copy = withAction(statements, `rds:Copy${noun}`)
      .filter(({ Sid }) => Sid === 'CopySnapshots')
      .flatMap(({ Resource }) => all(Resource));
    const within = account === HOME;
    expect(share).toEqual(within ? [] : [snapshots(cell.home)]);
    expect(expire).toEqual([snapshots(cell.home), ...(within ? [snapshots(region)] : [])]);
    expect(copy.sort()).toEqual([snapshots(cell.home), ...(within ? [snapshots(region)] : [])].sort());
  });

  test('the key of the other vault is used in its own account alone, by its very ARN', () => {
    const { stack, there } = built;
    const text = JSON.stringify(Template.fromStack(stack).toJSON());
    const outputs = Template.fromStack(there).findOutputs('*');
    expect(Object.keys(outputs).filter((id) => id.startsWith('RecoveryVaultKey'))).toHaveLength(1);
    expect(text.includes('Fn::GetStackOutput')).toBe(account === HOME);
    const grants = withAction(statementsOf(stack, KINDS[cell.kind].backups(built.plan).role), 'kms:CreateGrant').filter(
      ({ Resource }) => JSON.stringify(Resource).includes('GetStackOutput'),
    );
    expect(grants).toHaveLength(account === HOME ? 1 : 0);
    for (const { Resource, Condition } of grants) {
      const [output] = Object.keys(outputs).filter((id) => id.startsWith('RecoveryVaultKey'));
      expect(Resource).toEqual({
        'Fn::GetStackOutput': { StackName: 'There', OutputName: output, Region: region },
      });
      expect(all(Condition!.StringEquals['kms:ViaService'])).toEqual([
        `backup.${region}.${cell.suffix}`,
        `rds.${region}.${cell.suffix}`,
      ]);
      expect(Condition!.Bool).toEqual({ 'kms:GrantIsForAWSResource': 'true' });
    }
  });

  test('the other vault lets in another account and nobody else', () => {
    const { Statement: statements } = only(built.there, 'AWS::Backup::BackupVault').Properties.AccessPolicy;
    const allowed = (statements as (Statement & { Principal: { AWS: unknown } })[]).filter(
      ({ Effect }) => Effect === 'Allow',
    );
    expect(allowed.map(({ Action, Principal }) => [Action, plain(Principal.AWS, cell)])).toEqual(
      account === HOME ? [] : [['backup:CopyIntoBackupVault', `arn:${cell.partition}:iam::${HOME}:root`]],
    );
  });

  test('automated backups of managed instances are replicated within the account, of others said to be not', () => {
    const { stack, assembly } = built;
    const instances = Object.values(Template.fromStack(stack).findResources('AWS::RDS::DBInstance'));
    expect(instances).toHaveLength(cell.ownership === 'owned' ? 1 : 0);
    const within = account === HOME && cell.kind === 'instance';
    for (const { Properties: instance } of instances) {
      expect(instance.AutomaticBackupReplicationRegion).toBe(within ? region : undefined);
      expect(instance.AutomaticBackupReplicationRetentionPeriod).toBe(
        within ? instance.BackupRetentionPeriod : undefined,
      );
      expect(JSON.stringify(instance.AutomaticBackupReplicationKmsKeyId)).toEqual(
        within ? expect.stringContaining('GetStackOutput') : undefined,
      );
    }
    const said = messages(assembly).filter((each) => each.includes('start-db-instance-automated'));
    expect(said).toHaveLength(within && cell.ownership === 'observed' ? 1 : 0);
    for (const message of said) {
      const arn = `"arn:${cell.partition}:rds:${cell.home}:${cell.place === 'accounts as tokens' ? '$(aws sts get-caller-identity --query Account --output text)' : HOME}:db:orders-prod"`;
      const [output] = Object.keys(Template.fromStack(built.there).findOutputs('*'));
      expect(message).toContain(
        `aws rds start-db-instance-automated-backups-replication --region ${region} --source-region ${cell.home} --source-db-instance-arn ${arn} --kms-key-id "$(aws cloudformation describe-stacks --region ${region} --stack-name There --query "Stacks[0].Outputs[?OutputKey=='${output}'].OutputValue" --output text)" --backup-retention-period 7 `,
      );
    }
  });

  test('a key of the app lets the other account copy, through RDS alone; any other is asked for', () => {
    const { stack, assembly } = built;
    const [asked, warned] = ['keyToShare', 'keyNotKnown'].map((id) =>
      messages(assembly).filter((each) => each.includes(`cdk-recoverable:${id}`)),
    );
    const shared = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'))
      .flatMap(({ Properties }) => Properties.KeyPolicy.Statement as (Statement & { Principal: { AWS: unknown } })[])
      .filter(({ Principal }) => plain(Principal.AWS, cell) === `arn:${cell.partition}:iam::${OTHER}:root`);
    const across = account === OTHER;
    expect(shared).toHaveLength(across && cell.ownership === 'owned' ? 3 : 0);
    for (const { Action, Condition } of shared.filter(({ Action }) => Action !== 'kms:DescribeKey')) {
      const regions = [...new Set([cell.home, region])];
      expect([Condition!.StringEquals['kms:ViaService']].flatMap(all)).toEqual(
        regions.map((each) => `rds.${each}.${cell.suffix}`),
      );
      if (Action === 'kms:CreateGrant') expect(Condition!.Bool).toEqual({ 'kms:GrantIsForAWSResource': 'true' });
    }
    expect(asked).toEqual([]);
    expect(warned).toHaveLength(across && cell.ownership === 'observed' ? 1 : 0);
  });

  test('`deploy --all` begins with the other stack, needs no helper and leaves no cycle', () => {
    const { assembly, there, stack } = built;
    expect(assembly.stacks.map(({ stackName }) => stackName)).toEqual(['There', 'Home']);
    expect(assembly.getStackByName('Home').dependencies.map(({ id }) => id)).toContain('There');
    expect(there.dependencies).toEqual([]);
    const mine = Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string }>;
    expect(Object.values(mine).filter(({ Type }) => /^Custom::CrossRegion|Writer|Reader/.test(Type))).toEqual([]);
    expect(JSON.stringify(mine)).not.toMatch(/ImportValue|arn:aws:(rds|backup|kms):[^"]*(gov|cn)-/);
  });
});
