import { Duration } from 'aws-cdk-lib';
import { BackupTiers } from '../../lib';
import { Nature } from './nature';
import { Simulation } from './simulation';
import { HOUR } from './timeline';

/* One database among a hundred, whose backup of one day never ran. */

const databases = Array.from({ length: 100 }, (_, i) => `shop-${i + 1}`);
const MISSED = 'shop-42';

let simulation: Simulation;
let nature: Nature;
beforeAll(async () => {
  simulation = await Simulation.open({
    start: '2026-03-02T07:00:00Z',
    quietHours: 6,
    databases,
    rpo: Duration.days(1),
    backup: BackupTiers.grandfatherFatherSon(),
  });
  nature = new Nature(
    simulation,
    databases.map((identifier) => ({ identifier })),
  );
  await nature.begin();
  nature.proveAll();
  nature.fails = ({ kind, database, at }) =>
    kind === 'recovery-point' && database === MISSED && at.toISOString().startsWith('2026-03-04');
  await simulation.until('2026-03-06T07:00:00Z');
}, 300_000);
afterAll(() => simulation.close());

test('its alarm is raised within the slack, and is over with the next backup', () => {
  const [missed] = nature.failed;
  expect(nature.failed).toEqual([missed]);
  const [raised, ...more] = simulation.raised(MISSED);
  expect(more).toEqual([]);
  // The last one before is of the day before, within the same hour; 27 hours are allowed, and two runs must find it.
  const due = Date.parse('2026-03-03T05:00:00Z') + 27 * HOUR;
  expect(raised.getTime()).toBeGreaterThan(due);
  expect(raised.getTime()).toBeLessThan(due + 3 * HOUR);
  expect(simulation.historyOf(MISSED).at(-1)?.to).toBe('OK');
});

test('no other alarm of a database is raised', () => {
  expect(simulation.raisedAtAll(databases)).toEqual([MISSED]);
  expect(simulation.raisedAtAll(databases, 'Proven')).toEqual([]);
  expect(simulation.functions.failures).toEqual([]);
  expect(simulation.runs.surprises).toEqual([]);
});
