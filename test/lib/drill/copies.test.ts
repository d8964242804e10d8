import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  BackupTiers,
  Check,
  CopyDestination,
  DrillSchedule,
  Engine,
  type ICopyDestination,
  RecoverySite,
  RecoverySource,
  type RecoveryPlanProps,
} from '../../../lib';
import { newApp } from '../app';
import { database, days } from '../backup/support';
import { flatten, inputOf, monitorsOf, newPlan, newStack, statementsOf } from '../support';

const backup = BackupTiers.grandfatherFatherSon();
const objectives = { rpo: Duration.minutes(15), rto: Duration.hours(2), regionLossRpo: days(2) };
const schedule = DrillSchedule.monthly();

interface Given {
  readonly accounts?: [string?, string?];
  readonly alerts?: boolean;
  readonly copyTo?: (dr: RecoverySite) => ICopyDestination[];
  readonly props?: Partial<RecoveryPlanProps>;
}

function places({ accounts = ['111122223333', '111122223333'], alerts = true, copyTo, props }: Given = {}) {
  const app = newApp();
  const drStack = newStack({ account: accounts[1], region: 'eu-central-1' }, app, 'Dr');
  const ticket = new Topic(drStack, 'Tickets');
  const dr = new RecoverySite(drStack, 'Recovery', { name: 'acme', alerts: alerts ? { ticket } : undefined });
  const stack = newStack({ account: accounts[0], region: 'eu-west-1' }, app, 'Home');
  const plan = newPlan(stack, { backup, objectives, copyTo: copyTo?.(dr) ?? [dr], ...props });
  const orders = () => plan.protectInstanceById('Orders', 'orders-prod', { engine: Engine.POSTGRES });
  return { app, dr, drStack, stack, plan, ticket, orders };
}

/** Drills at home as well, as every resource must be. */
function drilled(given?: Given) {
  const all = places(given);
  const resource = all.orders();
  const sources = [RecoverySource.pointInTime(), RecoverySource.copyIn(all.dr), RecoverySource.recoveryPoint()];
  const drill = resource.addDrill('Monthly', { schedule, sources, checks: [Check.rowCount('orders', { atLeast: 1 })] });
  return { ...all, resource, drill };
}

const scheduled = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule'))
    .map(({ Properties }) => Properties)
    .filter(({ Description }) => /^Restore drill/.test(Description));

test('every id that a plan uses itself, here or there, is refused for what it protects', () => {
  const { dr, plan } = drilled({ props: { objectives: { ...objectives, regionLossRpo: days(15) } } });
  plan.protectClusterById('Ledger', 'ledger', { engine: Engine.AURORA_POSTGRESQL });
  const children = [plan, dr.node.findChild('Plan-Gold')].flatMap(({ node }) =>
    node.children.map((one) => one.node.id),
  );
  const own = [...new Set(children)].filter((id) => !['Orders', 'Ledger'].includes(id)).sort();
  expect(own).toEqual(['Announce', 'Backup', 'ClusterBackup', 'Monitor', 'RestoreKeys', 'Sources', 'WatchCopies']);
  for (const id of own) {
    expect(() => newPlan(newStack()).protectInstanceById(id, 'orders-prod', { engine: Engine.POSTGRES })).toThrow(
      `plan Gold has a part of its own named ${id}: protect the resource by another id`,
    );
  }
});

test('one schedule for each site, with the sources of that site', () => {
  const { app, stack, drStack, dr, plan, drill } = drilled({ props: { objectives: { ...objectives, rpo: days(1) } } });
  app.synth();
  const [home, ...more] = scheduled(stack);
  const [there, ...others] = scheduled(drStack);
  expect([more, others]).toEqual([[], []]);
  expect(drill.scheduleName).toBe(home.Name);
  expect([home, there].map(({ ScheduleExpression }) => ScheduleExpression)).toEqual([
    'cron(0 4 1 * ? *)',
    'cron(0 4 1 * ? *)',
  ]);
  expect(there.GroupName).toEqual(drStack.resolve(dr.scheduleGroup.scheduleGroupName));
  const [atHome, elsewhere] = [inputOf(stack, home.Name), inputOf(drStack, there.Name)].map((each) => each.definition);
  expect((atHome.sources as { kind: string }[]).map(({ kind }) => kind)).toEqual(['point-in-time', 'recovery-point']);
  expect(atHome.sources).toContainEqual(expect.objectContaining({ vault: plan.site.vault().vaultName }));
  const arn = 'arn:<AWS.Partition>:rds:eu-west-1:111122223333:db:orders-prod';
  expect(elsewhere.sources).toEqual([{ kind: 'recovery-point', vault: dr.vault().vaultName, resourceArn: arn }]);
  const same = ['schema', 'drill', 'plan', 'owner', 'resource', 'intervalSeconds', 'checks', 'withoutChecks'];
  for (const key of same) expect([key, elsewhere[key]]).toEqual([key, atHome[key]]);
});

test('a drill elsewhere is judged by the loss of the Region, and tells the topics of its site', () => {
  const { app, drStack, dr, ticket } = drilled();
  app.synth();
  const { definition } = inputOf(drStack, scheduled(drStack)[0].Name);
  expect(definition.objectives).toEqual({ rpoSeconds: 2 * 86_400, rtoSeconds: 7_200 });
  expect(definition.alerts).toEqual({ ticket: flatten(drStack.resolve(ticket.topicArn)) });
  const publishes = statementsOf(drStack, dr.functions.announce.role).filter(({ Action }) => Action === 'sns:Publish');
  expect(publishes.map(({ Resource }) => Resource)).toEqual([drStack.resolve(ticket.topicArn)]);
  const alarms = Object.values(Template.fromStack(drStack).findResources('AWS::CloudWatch::Alarm'));
  const proven = alarms.filter(({ Properties }) => Properties.MetricName === 'DrillAgeRatio');
  expect(proven.map(({ Properties }) => [Properties.Dimensions, Properties.AlarmActions])).toEqual([
    [
      expect.arrayContaining([
        { Name: 'Resource', Value: 'Gold/Orders' },
        { Name: 'Site', Value: 'acme' },
      ]),
      [drStack.resolve(dr.functions.notify.lambdaFunction.functionArn)],
    ],
  ]);
});

test('copies are restored under the key of their vault', () => {
  const { app, drStack, dr } = drilled();
  app.synth();
  const grants = statementsOf(drStack, dr.recoveryPointRestore().role).filter(
    ({ Action }) => Action === 'kms:CreateGrant',
  );
  expect(grants.map(({ Resource }) => Resource)).toEqual([drStack.resolve(dr.vault().key.keyArn)]);
});

test('the other stack comes first and reads nothing of the plan', () => {
  const { app, drStack } = drilled({ accounts: [undefined, undefined] });
  expect(app.synth().stacks.map(({ stackName }) => stackName)).toEqual(['Dr', 'Home']);
  const [{ Name }] = scheduled(drStack);
  const [source] = inputOf(drStack, Name).definition.sources as { resourceArn: string }[];
  expect(source.resourceArn).toBe('arn:<AWS.Partition>:rds:eu-west-1:<AWS.AccountId>:db:orders-prod');
  expect(JSON.stringify(Template.fromStack(drStack))).not.toMatch(/GetStackOutput|ImportValue/);
});

test('copies in another account are drilled by the site of that account', () => {
  const { app, drStack } = drilled({ accounts: ['111122223333', '444455556666'] });
  app.synth();
  const [source] = inputOf(drStack, scheduled(drStack)[0].Name).definition.sources as { resourceArn: string }[];
  expect(source.resourceArn).toBe('arn:<AWS.Partition>:rds:eu-west-1:111122223333:db:orders-prod');
});

test('several resources and drills of one plan share what it has elsewhere', () => {
  const { app, drStack, dr, plan, resource } = drilled();
  resource.addDrill('Weekly', { schedule: DrillSchedule.weekly(), sources: [RecoverySource.copyIn(dr)] });
  const other = plan.protectInstanceById('Users', 'users-prod', { engine: Engine.POSTGRES });
  other.addDrill('Monthly', { schedule, sources: [RecoverySource.pointInTime(), RecoverySource.copyIn(dr)] });
  app.synth();
  expect(
    scheduled(drStack)
      .map(({ Description }) => Description)
      .sort(),
  ).toEqual([
    'Restore drill Gold/Orders/Monthly',
    'Restore drill Gold/Orders/Weekly',
    'Restore drill Gold/Users/Monthly',
  ]);
  const [monitor, ...others] = monitorsOf(drStack);
  const kind = 'db-instance';
  expect([others, monitor.profiles, monitor.resources]).toEqual([
    [],
    [],
    [
      { name: 'Gold/Orders', kind, identifier: 'orders-prod', provenSeconds: 8 * 86_400 },
      { name: 'Gold/Users', kind, identifier: 'users-prod', provenSeconds: 32 * 86_400 },
    ],
  ]);
});

describe('an owned instance', () => {
  const owned = (props: Parameters<typeof database>[1], identifier?: string) => {
    const { app, dr, drStack, stack, plan } = places();
    const resource = plan.protectInstance('Orders', database(stack, props), { identifier });
    resource.addDrill('Monthly', { schedule, sources: [RecoverySource.pointInTime(), RecoverySource.copyIn(dr)] });
    app.synth();
    const { definition } = inputOf(drStack, scheduled(drStack)[0].Name);
    return [definition.resource, definition.sources] as [{ identifier: string }, { resourceArn: string }[]];
  };

  test.each([
    ['its own', { instanceIdentifier: 'Orders-Prod' }, undefined],
    ['what is given', {}, 'Orders-Prod'],
    ['both alike', { instanceIdentifier: 'orders-prod' }, 'Orders-Prod'],
  ])('is known elsewhere by %s', (_, props, identifier) => {
    const [resource, [source]] = owned(props, identifier);
    expect(resource.identifier).toBe('orders-prod');
    expect(source.resourceArn).toMatch(/:db:orders-prod$/);
  });

  test('whose identifier is known at deployment alone fails', () => {
    expect(() => owned({})).toThrow(
      'identifier of Gold/Orders is known at deployment alone, and a drill of its copies in another Region must know it: give identifier to protectInstance',
    );
  });

  test('that bears another identifier than is given fails', () => {
    expect(() => owned({ instanceIdentifier: 'orders' }, 'users')).toThrow(
      'identifier of Gold/Orders is orders and not "users": leave identifier out',
    );
  });
});

describe('fails', () => {
  const drill = (given: Given, at = schedule, of?: (dr: RecoverySite) => RecoverySource[]) => {
    const { dr, orders } = places(given);
    return () =>
      orders().addDrill('Monthly', {
        schedule: at,
        sources: of?.(dr) ?? [RecoverySource.pointInTime(), RecoverySource.copyIn(dr)],
      });
  };
  const kept = (count: number) => (dr: RecoverySite) => [CopyDestination.site(dr, { retention: days(count) })];

  test('for a copy kept shorter than the interval of its drill', () => {
    expect(drill({ copyTo: kept(30) })).toThrow(
      'drill Gold/Orders/Monthly restores from copies in site acme, where plan Gold keeps them for at most 30 days, and it runs only every 31: copies would come and go that no drill ever tried; keep copies for 31 days or more, or drill more often',
    );
    expect(drill({ copyTo: kept(31) })).not.toThrow();
    expect(drill({ copyTo: kept(7) }, DrillSchedule.weekly())).not.toThrow();
  });

  test('for a site that nothing is copied to', () => {
    const vault = CopyDestination.vault('arn:aws:backup:us-east-1:111122223333:backup-vault:safe');
    expect(drill({ copyTo: () => [vault] })).toThrow(
      'drill Gold/Orders/Monthly restores from copies in site acme, and plan Gold copies nothing there: name the site in copyTo',
    );
  });

  test('for the own site', () => {
    const { plan, orders } = places();
    expect(() => orders().addDrill('Monthly', { schedule, sources: [RecoverySource.copyIn(plan.site)] })).toThrow(
      /copies are in another site/,
    );
  });

  test('for a plan without tiers', () => {
    expect(drill({ props: { backup: undefined } })).toThrow(
      'and AWS Backup takes nothing under plan Gold that it could copy: give it backup tiers',
    );
  });

  test.each([
    ['regionLossRpo', { ...objectives, regionLossRpo: Duration.hours(1) }],
    ['rpo', { ...objectives, regionLossRpo: undefined }],
  ])('for an objective %s that copies cannot be relied on for', (name, promised) => {
    const { app, dr, plan, stack } = places({ props: { objectives: promised } });
    const resource = plan.protectInstance('Orders', database(stack, { instanceIdentifier: 'orders' }));
    const sources = [RecoverySource.pointInTime(), RecoverySource.copyIn(dr)];
    expect(() => resource.addDrill('Monthly', { schedule, sources })).toThrow(
      new RegExp(
        `objective ${name} of .* cannot be relied on from copied recovery points, which are up to 1 day old: promise a regionLossRpo of 1 day or more, which drills in another Region are judged by, or leave RecoverySource.copyIn\\(\\) out`,
      ),
    );
    expect(app).toBeDefined();
  });

  test('for a site that would tell nobody', () => {
    expect(drill({ alerts: false })).toThrow(
      /site acme has no alerts, and drills of copies there tell the site's topics/,
    );
  });

  test('for drills elsewhere alone', () => {
    const { app, dr, orders } = places();
    orders().addDrill('Monthly', { schedule, sources: [RecoverySource.copyIn(dr)] });
    expect(() => app.synth()).toThrow(/Gold\/Orders is protected but never drilled in its own Region/);
  });

  test('for no source at all', () => {
    expect(drill({}, schedule, () => [])).toThrow('sources of drill Gold/Orders/Monthly must not be empty');
  });

  test('for two plans of one name on the other site', () => {
    const { dr, plan, stack, orders } = drilled();
    expect(plan.planName).toBe('Gold');
    expect(orders).toBeDefined();
    const other = newStack({ account: '111122223333', region: 'eu-west-1' }, stack.node.root as never, 'Other');
    const twin = newPlan(other, { backup, objectives, copyTo: [dr] });
    const users = twin.protectInstanceById('Users', 'users', { engine: Engine.POSTGRES });
    const sources = [RecoverySource.pointInTime(), RecoverySource.copyIn(dr)];
    expect(() => users.addDrill('Monthly', { schedule, sources })).toThrow(
      'two plans named Gold are drilled in site acme: give one of them another name',
    );
  });
});
