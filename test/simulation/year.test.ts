import { Duration, TimeZone } from 'aws-cdk-lib';
import { BackupTiers } from '../../lib';
import { Nature, type Job } from './nature';
import { Simulation } from './simulation';
import { DAY, HOUR } from './timeline';

/*
 * 400 days of a plan with copies in another Region: month ends, both changes of the clocks, a turn of the year. Twelve databases
 * have nothing but a job that fails now and then for want of capacity; four others have each a fate of its own.
 */

const ORDINARY = Array.from({ length: 12 }, (_, i) => `app-${i + 1}`);
const [MONTHLY, COPIED, NIGHTLY, FULL] = ['no-month', 'no-copies', 'stopped-nightly', 'over-quota'];
const SPECIAL = [MONTHLY, COPIED, NIGHTLY, FULL];
/** The others are asked nothing of drills, so that a run takes few calls. */
const DRILLED = [ORDINARY[0], NIGHTLY];
const START = '2026-01-05T09:00:00Z';
const END = new Date(Date.parse(START) + 400 * DAY);

const between = (at: Date, from: string, to: string) => at >= new Date(from) && at < new Date(to);

let simulation: Simulation;
let nature: Nature;
beforeAll(async () => {
  const databases = [...ORDINARY, ...SPECIAL];
  simulation = await Simulation.open({
    start: START,
    quietHours: 20,
    databases,
    drilled: DRILLED,
    rpo: Duration.days(1),
    regionLossRpo: Duration.days(2),
    backup: BackupTiers.grandfatherFatherSon({ hour: 5, timeZone: TimeZone.EUROPE_BERLIN }),
  });
  nature = new Nature(
    simulation,
    databases.map((identifier) => ({
      identifier,
      ...(identifier === NIGHTLY && { stopped: { from: '20:00', to: '02:50' } }),
    })),
  );
  nature.fails = ({ kind, database, rule = '', at }: Job) => {
    if (database === MONTHLY) return rule.includes('monthly') && between(at, '2026-05-01', '2026-05-02');
    if (database === COPIED) return kind === 'copy' && between(at, '2026-07-10', '2026-07-20');
    if (database === FULL) return kind === 'recovery-point' && between(at, '2026-09-08', '2026-09-13');
    return ORDINARY.includes(database) && simulation.random() < 1 / 1_500;
  };
  await nature.begin();
  nature.proveAll();
  await simulation.until(END);
}, 1_200_000);
afterAll(() => simulation.close());

test('every alarm of an ordinary database has its failed job, and most days have none', () => {
  const raised = ORDINARY.flatMap((identifier) => simulation.raised(identifier).map((at) => ({ identifier, at })));
  for (const { identifier, at } of raised) {
    const before = nature.failed.filter(
      (job) => job.database === identifier && job.at < at && at.getTime() - job.at.getTime() < 4 * DAY,
    );
    expect({ identifier, at, failed: before.length }).toEqual({ identifier, at, failed: 1 });
  }
  expect(raised.length).toBeGreaterThan(0);
  // Under one a month.
  expect(raised.length).toBeLessThan(400 / 30.4);
});

test('a month that is missing is told, though days go on', () => {
  // The month's backup stands in for the day's, so that day has none either; the next day's ends that alarm.
  const [day, month, ...more] = simulation.raised(MONTHLY);
  expect(more).toEqual([]);
  expect(between(day, '2026-05-01', '2026-05-02')).toBe(true);
  // 31 days, an hour to start and a day of slack after the one of April.
  const due = Date.parse('2026-04-01T03:00:00Z') + 32 * DAY + HOUR;
  expect(month.getTime()).toBeGreaterThan(due);
  expect(month.getTime()).toBeLessThan(due + DAY);
});

test('copies that stop are told, though backups go on', () => {
  const raised = simulation.raised(COPIED);
  expect(raised).toHaveLength(1);
  expect(between(raised[0], '2026-07-10T05:00:00Z', '2026-07-10T15:00:00Z')).toBe(true);
});

test('a quota that lets no backup begin for five days is one alarm, not five', () => {
  expect(simulation.historyOf(FULL).map(({ to }) => to)).toEqual(['OK', 'ALARM', 'OK']);
  const [, raised, over] = simulation.historyOf(FULL);
  expect(between(raised.at, '2026-09-08', '2026-09-09')).toBe(true);
  expect(between(over.at, '2026-09-13', '2026-09-14')).toBe(true);
});

test('nights in which clocks change, and ends of months, raise nothing by themselves', () => {
  const failedOnly = new Set(nature.failed.map(({ database }) => database));
  expect(
    ORDINARY.filter((identifier) => !failedOnly.has(identifier) && simulation.raised(identifier).length > 0),
  ).toEqual([]);
  for (const day of ['2026-03-29', '2026-10-25', '2027-01-01']) {
    const near = nature.failed.filter(({ at }) => Math.abs(at.getTime() - Date.parse(day)) < 3 * DAY);
    const raised = ORDINARY.flatMap((identifier) => simulation.raised(identifier)).filter(
      (at) => Math.abs(at.getTime() - Date.parse(day)) < 2 * DAY,
    );
    expect({ day, raised: raised.length }).toEqual({ day, raised: near.length });
  }
});

test('what is stopped every night is no alarm', () => {
  expect(simulation.raised(NIGHTLY)).toEqual([]);
  expect(simulation.seen(NIGHTLY).stopped.length).toBeGreaterThan(0);
});

test('what was reckoned of quiet hours is what runs published', () => {
  expect(simulation.runs.counts.real + simulation.runs.counts.reckoned).toBe(400 * 24 + 1);
  expect(simulation.runs.counts.real).toBeGreaterThan(400);
  expect(simulation.runs.surprises).toEqual([]);
});

test('drills that pass every week are proven all the time, and the monitor is never silent', () => {
  expect(simulation.raisedAtAll(DRILLED, 'Proven')).toEqual([]);
  expect(simulation.history('MonitorSilent').map(({ to }) => to)).toEqual(['OK']);
  expect(simulation.functions.failures).toEqual([]);
});
