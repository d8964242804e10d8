import { Duration, TimeZone, Token } from 'aws-cdk-lib';
import { CfnDBCluster, type CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { BackupTiers, type BackupTiersOptions, DrillSchedule } from '../../../lib';
import { newPlan, newStack } from '../support';
import { database, days, only } from './support';

interface Stated {
  readonly preferredBackupWindow?: string;
  readonly preferredMaintenanceWindow?: string;
}

const weekly = { schedule: DrillSchedule.weekly() };

/** An instance of the app under a plan with tiers: the window it got, and what was said. */
function arranged(stated: Stated, tiers: BackupTiersOptions = {}, manage?: boolean) {
  const stack = newStack();
  const plan = newPlan(stack, { backup: BackupTiers.grandfatherFatherSon(tiers) });
  const instance = database(stack, stated);
  plan.protectInstance('Orders', instance, { manage }).addDrill('Weekly', weekly);
  const declared = instance.node.defaultChild as CfnDBInstance;
  return {
    window: declared.preferredBackupWindow,
    warnings: declared.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data)),
  };
}

describe('windows that leave no minute of the start window', () => {
  test.each<[string, Stated, BackupTiersOptions, RegExp]>([
    [
      'a backup window after it',
      { preferredBackupWindow: '06:00-06:30' },
      {},
      /^no backup of Gold\/Orders can start from 05:00 to 06:00 Etc\/UTC: AWS Backup starts nothing within an hour before, or during, its backup window 06:00-06:30 \(UTC\); hour 7 of the tiers is free all year$/,
    ],
    ['a backup window over it', { preferredBackupWindow: '04:50-06:10' }, {}, /its backup window 04:50-06:10/],
    [
      'a maintenance window on Sundays',
      { preferredBackupWindow: '12:00-12:30', preferredMaintenanceWindow: 'Sun:05:00-Sun:06:00' },
      { daily: days(0), monthly: days(0) },
      /its backup window 12:00-12:30 and its maintenance window Sun:05:00-Sun:06:00 \(UTC\); hour 6 of the tiers/,
    ],
    [
      'a maintenance window on any day, of tiers that run on every day',
      { preferredBackupWindow: '12:00-12:30', preferredMaintenanceWindow: 'Wed:05:30-Wed:06:30' },
      {},
      /hour 7 of the tiers is free all year/,
    ],
    [
      'both together',
      { preferredBackupWindow: '04:30-05:30', preferredMaintenanceWindow: 'Mon:06:15-Mon:07:00' },
      {},
      /no backup .* 04:30-05:30 and its maintenance window Mon:06:15-Mon:07:00/,
    ],
    [
      'a window around midnight',
      { preferredBackupWindow: '23:45-01:15' },
      { hour: 0 },
      /no backup .* can start from 00:00 to 01:00 .* hour 2 of the tiers/,
    ],
    [
      'summer time',
      // 05:00 in Berlin is 03:00 UTC in summer: 02:45 to 04:00 is lost then, and in winter nothing is.
      { preferredBackupWindow: '03:45-04:00' },
      { timeZone: TimeZone.EUROPE_BERLIN },
      /no backup .* can start from 05:00 to 06:00 Europe\/Berlin: .* hour 6 of the tiers/,
    ],
    [
      'the whole week',
      { preferredBackupWindow: '00:00-23:30' },
      {},
      /no hour is free: shorten the start window of the tiers, or move the windows/,
    ],
  ])('%s', (_, stated, tiers, message) => {
    expect(() => arranged(stated, tiers)).toThrow(message);
    // It is the plan that could not be kept, whoever manages the instance.
    expect(() => arranged(stated, tiers, false)).toThrow(message);
  });
});

describe('windows that leave some of the start window', () => {
  test.each<[string, Stated, BackupTiersOptions]>([
    ['before', { preferredBackupWindow: '06:30-07:00' }, {}],
    ['after', { preferredBackupWindow: '04:40-05:10' }, {}],
    ['in the middle of a long one', { preferredBackupWindow: '08:00-08:30' }, { startWindow: Duration.hours(7) }],
    [
      'on one day of the week',
      { preferredBackupWindow: '12:00-12:30', preferredMaintenanceWindow: 'tue:06:30-tue:07:00' },
      {},
    ],
    ['in winter', { preferredBackupWindow: '06:30-07:00' }, { timeZone: TimeZone.EUROPE_BERLIN, hour: 6 }],
  ])('%s are told', (_, stated, tiers) => {
    const { warnings, window } = arranged(stated, tiers);
    expect(warnings).toEqual([expect.stringMatching(/^some backups of Gold\/Orders may not start from 0\d:00 to /)]);
    expect(window).toBe(stated.preferredBackupWindow);
  });
});

test.each<[string, Stated, BackupTiersOptions]>([
  ['right before', { preferredBackupWindow: '04:30-05:00' }, {}],
  ['an hour after', { preferredBackupWindow: '07:00-07:30' }, {}],
  [
    'of another day, where tiers run on Sundays alone',
    { preferredBackupWindow: '12:00-12:30', preferredMaintenanceWindow: 'sat:05:00-sat:06:00' },
    { daily: days(0), monthly: days(0) },
  ],
  ['in words that RDS alone knows', { preferredBackupWindow: 'at noon' }, {}],
  ['known only at deployment', { preferredBackupWindow: Token.asString({ Ref: 'Window' }) }, {}],
])('windows %s are in nobody’s way', (_, stated, tiers) => {
  expect(arranged(stated, tiers).warnings).toEqual([]);
});

describe('an instance that states no backup window', () => {
  test.each<[string, string, BackupTiersOptions, string]>([
    ['after the tiers', 'sat:01:00-sat:02:00', {}, '07:00-07:30'],
    ['after its own maintenance', 'sun:07:00-sun:07:45', {}, '08:00-08:30'],
    ['after both offsets', 'sat:01:00-sat:02:00', { timeZone: TimeZone.EUROPE_BERLIN }, '06:00-06:30'],
    ['over midnight', 'sat:12:00-sat:13:00', { hour: 22, minute: 40 }, '01:00-01:30'],
    ['in a zone of half hours', 'sat:12:00-sat:13:00', { timeZone: TimeZone.of('Asia/Kolkata') }, '01:30-02:00'],
  ])('gets one %s where its maintenance window is known', (_, maintenance, tiers, expected) => {
    const { window, warnings } = arranged({ preferredMaintenanceWindow: maintenance }, tiers);
    expect([window, warnings]).toEqual([expected, []]);
    // What was chosen is free for tiers, and found so.
    const again = { preferredBackupWindow: window, preferredMaintenanceWindow: maintenance };
    expect(arranged(again, tiers)).toEqual({ window, warnings: [] });
  });

  test('gets it in the template', () => {
    const stack = newStack();
    const plan = newPlan(stack, { backup: BackupTiers.grandfatherFatherSon() });
    const db = database(stack, { preferredMaintenanceWindow: 'sat:01:00-sat:02:00' });
    plan.protectInstance('Orders', db).addDrill('Weekly', weekly);
    expect(only(stack, 'AWS::RDS::DBInstance').Properties.PreferredBackupWindow).toBe('07:00-07:30');
  });

  test('gets none where RDS might refuse it, and a warning says what to state', () => {
    const { window, warnings } = arranged({});
    expect(window).toBeUndefined();
    expect(warnings).toEqual([
      expect.stringMatching(
        /^Gold\/Orders states no backup window, .*: state preferredBackupWindow and preferredMaintenanceWindow, an hour or more away from 05:00 to 06:00 Etc\/UTC /,
      ),
    ]);
  });

  test('gets none where there is no room', () => {
    const { window, warnings } = arranged(
      { preferredMaintenanceWindow: 'sat:01:00-sat:02:00' },
      { daily: days(0), monthly: days(0), startWindow: Duration.hours(23), completionWindow: days(2) },
    );
    expect(window).toBeUndefined();
    expect(warnings).toHaveLength(1);
  });

  test('is left as it is where it is not managed', () => {
    expect(arranged({ preferredMaintenanceWindow: 'sat:01:00-sat:02:00' }, {}, false).window).toBeUndefined();
  });

  test('is left as it is without tiers', () => {
    const stack = newStack();
    const stated = { preferredMaintenanceWindow: 'sat:01:00-sat:02:00' };
    newPlan(stack).protectInstance('Orders', database(stack, stated)).addDrill('Weekly', weekly);
    expect(only(stack, 'AWS::RDS::DBInstance').Properties.PreferredBackupWindow).toBeUndefined();
  });
});

test('a time zone that is not known is not judged', () => {
  const { warnings } = arranged({ preferredBackupWindow: '05:30-06:00' }, { timeZone: TimeZone.of('Mars/Olympus') });
  expect(warnings).toEqual([expect.stringMatching(/is not known, nor is time zone Mars\/Olympus/)]);
});

test.each([
  ['aurora-postgresql', false],
  ['postgres', true],
])('a cluster of %s collides: %s', (engine, collides) => {
  const stack = newStack();
  const plan = newPlan(stack, { backup: BackupTiers.grandfatherFatherSon() });
  const cluster = new CfnDBCluster(stack, 'Ledger', { engine, preferredBackupWindow: '06:00-06:30' });
  const protect = () => plan.protectCluster('Ledger', cluster);
  if (collides) expect(protect).toThrow(/no backup of Gold\/Ledger can start from 05:00/);
  else expect(protect).not.toThrow();
});
