import { App, Duration, type Environment, Stack, Stage, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type CfnDBInstance, type DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import {
  BackupTiers,
  CopyDestination,
  DrillSchedule,
  Engine,
  type ICopyDestination,
  type RecoveryPlanProps,
  RecoverySite,
  type RecoverySiteProps,
  VaultLockMode,
} from '../../../lib';
import type { ResourceInventory } from '../../../lib/private/contract/inventory';
import { newApp } from '../app';
import { flatten, newPlan, newStack, orders, statementsOf } from '../support';
import { database, days, only } from './support';

const ACCOUNT = '111122223333';
const OTHER = '444455556666';
const HOME = { account: ACCOUNT, region: 'eu-west-1' };
const AWAY = { account: ACCOUNT, region: 'eu-central-1' };
const weekly = { schedule: DrillSchedule.weekly() };
const backup = BackupTiers.grandfatherFatherSon();

const vaultArn = (region: string, account = ACCOUNT, name = 'safe', partition = 'aws') =>
  `arn:${partition}:backup:${region}:${account}:backup-vault:${name}`;
const keyArn = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/0123`;

/** A home stack, and a site elsewhere in the same app. */
function places({ home = HOME, away = AWAY, props = {} as RecoverySiteProps, app = newApp() } = {}) {
  const dr = new RecoverySite(newStack(away, app, 'Dr'), 'Recovery', { name: 'acme', ...props });
  return { app, dr, drStack: Stack.of(dr), stack: newStack(home as Environment, app, 'Home') };
}

/** Retention of the copies of every tier, in the order of tiers and destinations. */
function retentions(stack: Stack): (number | undefined)[][] {
  const { BackupPlanRule: rules } = only(stack, 'AWS::Backup::BackupPlan').Properties.BackupPlan;
  return rules.map(({ CopyActions }: { CopyActions?: { Lifecycle: { DeleteAfterDays: number } }[] }) =>
    (CopyActions ?? []).map(({ Lifecycle }) => Lifecycle.DeleteAfterDays),
  );
}

const declared = (instance: DatabaseInstance) => instance.node.defaultChild as CfnDBInstance;

function replication(stack: Stack) {
  const { Properties } = only(stack, 'AWS::RDS::DBInstance');
  return [
    Properties.AutomaticBackupReplicationRegion,
    Properties.AutomaticBackupReplicationKmsKeyId,
    Properties.AutomaticBackupReplicationRetentionPeriod,
  ];
}

describe('a destination', () => {
  test('keeps copies as long as it says, else as long as what they are copies of', () => {
    const { dr, stack } = places();
    const vault = CopyDestination.vault(vaultArn('us-east-1'));
    orders(newPlan(stack, { backup, copyTo: [CopyDestination.site(dr, { retention: days(14) }), vault] })).addDrill(
      'Weekly',
      weekly,
    );
    expect(retentions(stack)).toEqual([
      [14, 30],
      [14, 90],
      [14, 365],
    ]);
  });

  test('may be whatever stands for one', () => {
    const { dr, stack } = places();
    const mine: ICopyDestination = { asCopyDestination: () => CopyDestination.site(dr, { retention: days(7) }) };
    orders(newPlan(stack, { backup, copyTo: [mine] })).addDrill('Weekly', weekly);
    expect(retentions(stack)).toEqual([[7], [7], [7]]);
  });

  test('without copyTo, or with none, nothing is copied', () => {
    const { stack } = places();
    orders(newPlan(stack, { backup, copyTo: [] })).addDrill('Weekly', weekly);
    expect(retentions(stack)).toEqual([[], [], []]);
    expect(JSON.stringify(Template.fromStack(stack))).not.toMatch(/CopySnapshots|CopyFromBackupVault|CopyActions/);
  });

  test('given by ARN is used under its key, or under any of its Region through RDS', () => {
    const grants = (encryptionKeyArn?: string) => {
      const { stack } = places();
      const copyTo = [CopyDestination.vault(vaultArn('eu-central-1'), { encryptionKeyArn })];
      const plan = newPlan(stack, { backup, copyTo });
      plan.protectInstance('Orders', database(stack)).addDrill('Weekly', weekly);
      const found = statementsOf(stack, plan.tieredBackup!.role).filter(
        ({ Sid }) => Sid === 'GrantCopyKeys' || Sid === 'DescribeCopyKeys',
      );
      expect(found.map(({ Action }) => Action)).toEqual(['kms:DescribeKey', 'kms:CreateGrant']);
      expect(found[1].Condition).toMatchObject({ Bool: { 'kms:GrantIsForAWSResource': 'true' } });
      return { keys: found.map(({ Resource }) => flatten(Resource)), stack };
    };
    const known = grants(keyArn);
    expect(known.keys).toEqual([keyArn, keyArn]);
    expect(replication(known.stack)).toEqual(['eu-central-1', keyArn, 7]);
    const unknown = grants();
    expect(unknown.keys[0]).toBe(`arn:<AWS.Partition>:kms:eu-central-1:${ACCOUNT}:key/*`);
    expect(replication(unknown.stack)).toEqual([undefined, undefined, undefined]);
  });
});

describe('replicated automated backups', () => {
  const replicated = (prepare: (instance: DatabaseInstance, stack: Stack) => void, props = {}, options = {}) => {
    const { dr, stack } = places();
    const instance = database(stack, props);
    prepare(instance, stack);
    newPlan(stack, { backup, copyTo: [CopyDestination.site(dr, options)] })
      .protectInstance('Orders', instance)
      .addDrill('Weekly', weekly);
    return { stack, dr };
  };
  const nothing = () => {};

  test('are kept as long as the instance keeps its own, under the key of the site', () => {
    const { stack, dr } = replicated(nothing, { backupRetention: days(20) });
    const key = { StackName: 'Dr', OutputName: dr.vault().keyArnOutput, Region: 'eu-central-1' };
    expect(replication(stack)).toEqual(['eu-central-1', { 'Fn::GetStackOutput': key }, 20]);
    expect(Template.fromStack(Stack.of(dr)).findOutputs(dr.vault().keyArnOutput)).toEqual({
      [dr.vault().keyArnOutput]: expect.objectContaining({ Value: Stack.of(dr).resolve(dr.vault().key.keyArn) }),
    });
  });

  test('need no key for an instance that is not encrypted', () => {
    const { stack } = replicated(nothing, { storageEncrypted: false });
    expect(replication(stack)).toEqual(['eu-central-1', undefined, 7]);
  });

  test('stay as the instance says already', () => {
    const { stack } = replicated((instance) => {
      declared(instance).automaticBackupReplicationRegion = 'eu-central-1';
      declared(instance).automaticBackupReplicationKmsKeyId = keyArn;
      declared(instance).automaticBackupReplicationRetentionPeriod = 3;
    });
    expect(replication(stack)).toEqual(['eu-central-1', keyArn, 3]);
  });

  test('are left alone where the destination says so', () => {
    const { stack } = replicated(nothing, {}, { replicateAutomatedBackups: false });
    expect(replication(stack)).toEqual([undefined, undefined, undefined]);
  });

  test('are enough for copyTo without backup tiers', () => {
    const { app, dr, stack } = places();
    newPlan(stack, { copyTo: [dr] })
      .protectInstance('Orders', database(stack))
      .addDrill('Weekly', weekly);
    expect(() => app.synth()).not.toThrow();
    expect(replication(stack)[0]).toBe('eu-central-1');
    expect(Template.fromStack(stack).findResources('AWS::Backup::BackupPlan')).toEqual({});
  });

  test('go to the first site in another Region alone', () => {
    const { app, dr, stack } = places();
    const third = new RecoverySite(newStack({ ...HOME, region: 'us-east-1' }, app, 'Third'), 'Recovery');
    newPlan(stack, { backup, copyTo: [third, dr] })
      .protectInstance('Orders', database(stack))
      .addDrill('Weekly', weekly);
    expect(replication(stack)[0]).toBe('us-east-1');
    expect(retentions(stack)).toEqual([
      [30, 30],
      [90, 90],
      [365, 365],
    ]);
  });

  test('make the stack of the instance wait for the site, wherever the plan is', () => {
    const { app, dr, stack } = places();
    const data = newStack(HOME, app, 'Data');
    newPlan(stack, { copyTo: [dr] })
      .protectInstance('Orders', database(data))
      .addDrill('Weekly', weekly);
    app.synth();
    expect(data.dependencies).toContain(Stack.of(dr));
  });

  test('of many instances ask for a quota', () => {
    const { dr, stack } = places();
    const plan = newPlan(stack, { copyTo: [dr] });
    for (let index = 0; index < 21; index++) {
      const instance = database(stack, {}, `Db${index}`);
      plan.protectInstance(`R${index}`, instance).addDrill('Weekly', weekly);
    }
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('more than 20 instances'));
    expect(warnings.map(({ id }) => id)).toEqual(['/Home/Gold/R20']);
  });

  test('of an instance that is not managed are a finding', () => {
    const { dr, stack } = places();
    newPlan(stack, { backup, copyTo: [dr] })
      .protectInstance('Orders', database(stack), { manage: false })
      .addDrill('Weekly', weekly);
    expect(replication(stack)).toEqual([undefined, undefined, undefined]);
    Annotations.fromStack(stack).hasInfo('/Home/Gold/Orders', Match.stringLikeRegexp(':db:<its identifier>'));
  });
});

describe('a copy in another account', () => {
  const across = (encryption: Parameters<typeof database>[1] & { importedKey?: string }, manage?: boolean) => {
    const { app, dr, stack } = places({ away: { account: OTHER, region: 'eu-west-1' } });
    const { importedKey, ...props } = encryption;
    const encryptionKey = importedKey ? Key.fromKeyArn(stack, 'Imported', importedKey) : undefined;
    newPlan(stack, { backup, copyTo: [dr] })
      .protectInstance('Orders', database(stack, props), { encryptionKey, manage })
      .addDrill('Weekly', weekly);
    return { app, stack };
  };
  const imported = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/0123`;

  test('of an instance that is not encrypted needs no key', () => {
    const { stack } = across({ storageEncrypted: false });
    Annotations.fromStack(stack).hasNoInfo('*', Match.stringLikeRegexp('cdk-recoverable:key'));
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('cdk-recoverable:key'));
  });

  test('of an instance under a key of elsewhere says what its policy must allow', () => {
    const { stack } = across({ importedKey: imported });
    Annotations.fromStack(stack).hasInfo(
      '/Home/Gold/Orders',
      Match.stringLikeRegexp(`its key, which this app does not change, must allow that account kms:DescribeKey, kms:D`),
    );
  });

  test('changes the key of an instance that is not managed no more than the instance', () => {
    const { app, dr, stack } = places({ away: { account: OTHER, region: 'eu-west-1' } });
    const key = new Key(stack, 'Key');
    newPlan(stack, { backup, copyTo: [dr] })
      .protectInstance('Orders', database(stack, { storageEncryptionKey: key }), { manage: false })
      .addDrill('Weekly', weekly);
    app.synth();
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::KMS::Key'))).not.toContain(OTHER);
    Annotations.fromStack(stack).hasInfo('/Home/Gold/Orders', Match.stringLikeRegexp('cdk-recoverable:keyToShare'));
  });

  test('of two instances under one key changes its policy once', () => {
    const { app, dr, stack } = places({ away: { account: OTHER, region: 'eu-west-1' } });
    const storageEncryptionKey = new Key(stack, 'Key');
    const plan = newPlan(stack, { backup, copyTo: [dr] });
    for (const id of ['One', 'Two']) {
      plan.protectInstance(id, database(stack, { storageEncryptionKey }, `${id}Db`)).addDrill('Weekly', weekly);
    }
    app.synth();
    const keys = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
    const shared = keys.flatMap(({ Properties }) => Properties.KeyPolicy.Statement).map((each) => JSON.stringify(each));
    expect(shared.filter((each) => each.includes(OTHER))).toHaveLength(3);
  });

  test.each<[string, Parameters<typeof across>[0]]>([
    ['by default', { storageEncrypted: true }],
    ['by name', { importedKey: `arn:aws:kms:eu-west-1:${ACCOUNT}:alias/aws/rds` }],
  ])('under the AWS-managed key %s fails', (_, encryption) => {
    expect(() => across(encryption)).toThrow(
      'Gold/Orders is encrypted under the AWS-managed key of RDS, which no other account can use, so AWS Backup cannot copy it to site acme in "eu-west-1" of account 444455556666: encrypt it under a customer-managed key, or copy within its account',
    );
  });
});

describe('the vault of another app', () => {
  const allowed = (copiesFrom: string[], props: RecoverySiteProps = {}) => {
    const stack = newStack(AWAY);
    new RecoverySite(stack, 'Recovery', { ...props, vault: { copiesFrom } }).vault();
    const { Statement: statements } = only(stack, 'AWS::Backup::BackupVault').Properties.AccessPolicy;
    return statements.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
  };
  const action = { Action: 'backup:CopyIntoBackupVault', Resource: '*', Effect: 'Allow' };

  test('lets in the accounts and the organization that it names', () => {
    const [account, organization, ...more] = allowed([OTHER, 'o-a1b2c3d4e5']);
    expect(account).toMatchObject(action);
    expect(flatten(account.Principal.AWS)).toBe(`arn:<AWS.Partition>:iam::${OTHER}:root`);
    expect(organization).toEqual({
      ...action,
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    });
    expect(more).toEqual([]);
  });

  test.each(['', '12345', 'o-', 'arn:aws:iam::444455556666:root', '*'])('takes no %p', (source) => {
    expect(() => allowed([source])).toThrow(/copiesFrom of a vault names accounts, 12 digits, or an organization/);
  });

  test('takes an account that is known at deployment', () => {
    const account = Token.asString({ Ref: 'Account' });
    expect(flatten(allowed([account])[0].Principal.AWS)).toBe('arn:<AWS.Partition>:iam::<Account>:root');
  });
});

describe('fails', () => {
  const copy = (copyTo: (dr: RecoverySite) => ICopyDestination[], given: Parameters<typeof places>[0] = {}) => {
    const all = places(given);
    return () => orders(newPlan(all.stack, { backup, copyTo: copyTo(all.dr) }));
  };

  test.each<[string, () => unknown, RegExp]>([
    [
      'for a site in the home Region',
      copy((dr) => [dr], { away: HOME }),
      /would stay in the Region and account of what they are copies of \(eu-west-1\)/,
    ],
    [
      'for a site without accounts in the home Region',
      copy((dr) => [dr], { home: { region: 'eu-west-1' } as never, away: { region: 'eu-west-1' } as never }),
      /would stay in the Region and account/,
    ],
    ['for a vault beside the home', copy(() => [CopyDestination.vault(vaultArn('eu-west-1'))]), /would stay in the/],
    [
      'for a site whose Region is not known',
      copy((dr) => [dr], { away: {} as never }),
      /need both Regions known at synthesis: give both stacks an env with their region/,
    ],
    [
      'for a home whose Region is not known',
      copy((dr) => [dr], { home: {} as never }),
      /need both Regions known at synthesis/,
    ],
    [
      'for one account known of two',
      copy((dr) => [dr], { home: { region: 'eu-west-1' } as never }),
      /one account is known at synthesis and the other is not/,
    ],
    [
      'for a vault where the account of home is not known',
      copy(() => [CopyDestination.vault(vaultArn('eu-central-1'))], { home: { region: 'eu-west-1' } as never }),
      /one account is known at synthesis and the other is not, .*; give the stack of site \S+ an env with its account$/,
    ],
    [
      'for a site in another partition',
      copy((dr) => [dr], { away: { account: OTHER, region: 'cn-north-1' } }),
      /would leave partition aws for aws-cn, which AWS Backup cannot: choose a destination in aws/,
    ],
    [
      'for a vault in another partition',
      copy(() => [CopyDestination.vault(vaultArn('us-gov-west-1', OTHER, 'safe', 'aws-us-gov'))]),
      /would leave partition aws for aws-us-gov/,
    ],
    [
      'for a vault whose ARN is of another partition than its Region',
      copy(() => [CopyDestination.vault(vaultArn('eu-central-1', OTHER, 'safe', 'aws-cn'))]),
      /would leave partition aws for aws-cn/,
    ],
    [
      'for the default vault',
      copy(() => [CopyDestination.vault(vaultArn('eu-central-1', OTHER, 'Default'))]),
      /a vault named Default is under the AWS-managed key of AWS Backup/,
    ],
    [
      'for the same vault twice',
      copy((dr) => [dr, CopyDestination.site(dr, { retention: days(7) })]),
      /copyTo names site acme in "eu-central-1" twice/,
    ],
    [
      'for six destinations',
      copy(() => Array.from({ length: 6 }, (_, n) => CopyDestination.vault(vaultArn('eu-central-1', OTHER, `v${n}`)))),
      /copyTo names 6 destinations, and AWS Backup copies a recovery point to at most 5/,
    ],
    [
      'for no day',
      copy((dr) => [CopyDestination.site(dr, { retention: days(0) })]),
      /retention of copies in site acme in "eu-central-1" must be whole days, from 1 to 36500/,
    ],
    ...['safe', 'arn:aws:backup:eu-central-1:111122223333:backup-plan:x', vaultArn(''), vaultArn('x', '')].map(
      (arn): [string, () => unknown, RegExp] => [
        `for ${arn} as a vault`,
        copy(() => [CopyDestination.vault(arn)]),
        /the ARN of a vault that is copied to must be arn:aws:backup:<region>:<account>:backup-vault:<name>/,
      ],
    ),
    ...['alias/aws/rds', keyArn.replace('central', 'west'), keyArn.replace('key/', 'alias/')].map(
      (encryptionKeyArn): [string, () => unknown, RegExp] => [
        `for ${encryptionKeyArn} as its key`,
        copy(() => [CopyDestination.vault(vaultArn('eu-central-1'), { encryptionKeyArn })]),
        /encryptionKeyArn of vault safe in eu-central-1 must be the ARN of a customer-managed key in eu-central-1/,
      ],
    ),
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test('for a vault known at deployment alone', () => {
    const arn = Token.asString({ Ref: 'Vault' });
    expect(copy(() => [CopyDestination.vault(arn)])).toThrow(/got: a value known only at deployment/);
  });

  test.each([
    ['shorter', { minRetention: days(31) }, {}, /copies of daily backups of plan Gold are kept for 30 days, .* 31 or/],
    ['longer', { maxRetention: days(364) }, {}, /copies of monthly backups of plan Gold are kept for 365 days/],
    ['as told shorter', { minRetention: days(15) }, { retention: days(14) }, /copies of daily .* kept for 14 days/],
  ])('for copies kept %s than the lock of their vault takes', (_, range, options, message) => {
    const props = { vault: { lockMode: VaultLockMode.GOVERNANCE, ...range } };
    expect(copy((dr) => [CopyDestination.site(dr, options)], { props })).toThrow(message);
    expect(copy((dr) => [CopyDestination.site(dr, { retention: days(60) })], { props })).not.toThrow();
  });

  test('for a plan of which nothing can be copied', () => {
    const { app, dr, stack } = places();
    orders(newPlan(stack, { copyTo: [dr] })).addDrill('Weekly', weekly);
    expect(() => app.synth()).toThrow(
      /plan Gold copies to site acme in "eu-central-1", and nothing that it protects can be copied: give it backup tiers/,
    );
  });

  test('for an instance that replicates elsewhere', () => {
    const { dr, stack } = places();
    const instance = database(stack);
    declared(instance).automaticBackupReplicationRegion = 'us-east-1';
    expect(() => newPlan(stack, { copyTo: [dr] }).protectInstance('Orders', instance)).toThrow(
      'automaticBackupReplicationRegion of Gold/Orders is us-east-1, and its plan copies to eu-central-1: RDS replicates to one Region',
    );
  });

  test('for sites that copy to each other from the stacks they are in', () => {
    const { dr, stack, drStack } = places();
    const site = new RecoverySite(stack, 'Recovery', { name: 'acme' });
    orders(newPlan(stack, { site, backup, copyTo: [dr] }));
    expect(() => orders(newPlan(drStack, { site: dr, backup, copyTo: [site] }))).toThrow(
      'stack Dr copies to a recovery site in stack Home, which in turn depends on Dr: neither could be deployed first; give each recovery site a stack of its own, apart from the plans',
    );
  });
});

test('sites in stacks of their own may copy to each other', () => {
  const app = newApp();
  const [west, central] = [HOME, AWAY].map(({ region }) => {
    const env = { account: ACCOUNT, region };
    return { env, site: new RecoverySite(newStack(env, app, `Site-${region}`), 'Recovery', { name: 'acme' }) };
  });
  for (const [here, there] of [
    [west, central],
    [central, west],
  ]) {
    const stack = newStack(here.env, app, `Plans-${here.env.region}`);
    orders(newPlan(stack, { site: here.site, backup, copyTo: [there.site] })).addDrill('Weekly', weekly);
  }
  expect(() => app.synth()).not.toThrow();
});

test('stages are deployed in the order of whoever made them', () => {
  const app = newApp();
  const [drStage, homeStage] = ['DrStage', 'HomeStage'].map((id) => new Stage(app, id)) as [Stage, Stage];
  const dr = new RecoverySite(newStack(AWAY, drStage as unknown as App, 'Dr'), 'Recovery', { name: 'acme' });
  const stack = newStack(HOME, homeStage as unknown as App, 'Home');
  newPlan(stack, { backup, copyTo: [dr] })
    .protectInstanceById('Orders', 'orders-prod', { engine: Engine.POSTGRES })
    .addDrill('Weekly', weekly);
  app.synth();
  expect(JSON.stringify(Template.fromStack(stack))).toContain('"StackName":"DrStage-Dr"');
});

describe('the loss of the Region', () => {
  const promised = (regionLossRpo: Duration, props: Partial<RecoveryPlanProps>) => {
    const { app, dr, stack } = places();
    const objectives = { rpo: Duration.minutes(15), rto: Duration.hours(2), regionLossRpo };
    const plan = newPlan(stack, { copyTo: [dr], ...props, objectives });
    plan.protectInstance('Orders', database(stack)).addDrill('Weekly', weekly);
    const [said] = app
      .synth()
      .getStackByName('Home')
      .findMetadataByType('cdk-recoverable:resource')
      .map(({ data }) => data as unknown as ResourceInventory);
    return { said, dr };
  };

  test('is survived by replicated automated backups and by copies', () => {
    const { said, dr } = promised(Duration.minutes(10), { backup });
    expect(said.objectives.regionLossRpo).toEqual({
      objectiveSeconds: 600,
      best: { seconds: 600, source: 'point in time in eu-central-1', known: true },
    });
    const key = {
      'Fn::GetStackOutput': { StackName: 'Dr', OutputName: dr.vault().keyArnOutput, Region: 'eu-central-1' },
    };
    const away = said.sources.filter(({ region }) => region !== 'eu-west-1');
    expect(away.map(({ kind, tier, retentionDays, key: of }) => [kind, tier, retentionDays, of])).toEqual([
      ['point-in-time', undefined, 7, key],
      ['copy', 'daily', 30, key],
      ['copy', 'weekly', 90, key],
      ['copy', 'monthly', 365, key],
    ]);
  });

  test('takes what has been written since the last copy, where nothing is replicated', () => {
    const only = (to: RecoverySite) => [CopyDestination.site(to, { replicateAutomatedBackups: false })];
    const build = (regionLossRpo: Duration) => {
      const { dr: to, stack } = places();
      const objectives = { rpo: Duration.minutes(15), rto: Duration.hours(2), regionLossRpo };
      newPlan(stack, { backup, copyTo: only(to), objectives }).protectInstance('Orders', database(stack));
    };
    expect(() => build(Duration.hours(24))).toThrow(
      'objective regionLossRpo of 1 day of Gold/Orders cannot be met: the best source is daily copies in eu-central-1, up to 1 day 1 hour old; of an instance every tier is copied and RDS can replicate automated backups, of a cluster the weekly tier alone is copied: see that the plan has what would reach it, or promise less',
    );
    expect(() => build(Duration.hours(25))).not.toThrow();
  });
});

describe('clusters', () => {
  test.each([
    ['with a month’s backup in its place on some Sundays', BackupTiers.grandfatherFatherSon(), 14],
    ['every Sunday', BackupTiers.grandfatherFatherSon({ monthly: days(0) }), 7],
  ])('are copied %s', (_, tiers, most) => {
    const protect = (regionLossRpo: Duration) => {
      const { dr: to, stack } = places();
      const objectives = { rpo: Duration.minutes(15), rto: Duration.hours(2), regionLossRpo };
      newPlan(stack, { backup: tiers, copyTo: [to], objectives }).protectClusterById('Ledger', 'ledger', {
        engine: Engine.AURORA_POSTGRESQL,
      });
    };
    expect(() => protect(days(most))).toThrow(`weekly copies in eu-central-1, up to ${most} days 1 hour old`);
    expect(() => protect(days(most).plus(Duration.hours(1)))).not.toThrow();
  });

  const protect = (props: Partial<RecoveryPlanProps>, engine = Engine.AURORA_POSTGRESQL) => {
    const { dr, stack } = places();
    return () => newPlan(stack, { copyTo: [dr], ...props }).protectClusterById('Ledger', 'ledger-prod', { engine });
  };
  const daily = BackupTiers.grandfatherFatherSon({ weekly: days(0) });

  test('that are Multi-AZ DB clusters fail', () => {
    expect(protect({ backup }, Engine.POSTGRES)).toThrow(
      'Gold/Ledger is a Multi-AZ DB cluster, which neither AWS Backup nor RDS copies: protect it under a plan without copyTo',
    );
  });

  test.each([
    ['without a weekly tier', { backup: daily }, 'plan Gold has none'],
    ['without tiers', {}, 'AWS Backup takes nothing under plan Gold'],
  ])('%s fail', (_, props, why) => {
    expect(protect(props)).toThrow(
      `Gold/Ledger is an Aurora cluster, of which the weekly tier is copied, since each copy is a full one, and ${why}: give it a weekly tier`,
    );
  });

  test('under an AWS-managed key are not copied to another account', () => {
    const { dr, stack } = places({ away: { account: OTHER, region: 'eu-west-1' } });
    const encryptionKey = Key.fromKeyArn(stack, 'K', `arn:aws:kms:eu-west-1:${ACCOUNT}:alias/aws/rds`);
    const plan = newPlan(stack, { backup, copyTo: [dr] });
    expect(() => plan.protectClusterById('Ledger', 'ledger', { engine: Engine.AURORA_MYSQL, encryptionKey })).toThrow(
      'Gold/Ledger is encrypted under the AWS-managed key of RDS',
    );
  });
});

describe('continuous backups', () => {
  const rules = (tiers: BackupTiers) => {
    const { dr, stack } = places();
    newPlan(stack, { backup: tiers, copyTo: [dr] })
      .protectInstance('Orders', database(stack))
      .addDrill('Weekly', weekly);
    const { BackupPlanRule: found } = only(stack, 'AWS::Backup::BackupPlan').Properties.BackupPlan;
    return found.map((rule: { RuleName: string; CopyActions?: unknown }) => [rule.RuleName, 'CopyActions' in rule]);
  };
  const none = { daily: days(0), weekly: days(0), monthly: days(0) };

  test('are copied where nothing else is', () => {
    const continuous = days(14);
    expect(rules(BackupTiers.grandfatherFatherSon({ ...none, daily: days(30), continuous }))).toEqual([
      ['daily', true],
      ['continuous', false],
    ]);
    expect(rules(BackupTiers.grandfatherFatherSon({ ...none, continuous }))).toEqual([['continuous', true]]);
  });
});
