import { Duration } from 'aws-cdk-lib';
import { Nature } from './nature';
import { Simulation } from './simulation';
import { HOUR, MINUTE } from './timeline';

/* Nobody looks any more. */

const databases = ['orders', 'ledger'];

let simulation: Simulation;
beforeEach(async () => {
  simulation = await Simulation.open({ start: '2026-03-02T07:00:00Z', databases, rpo: Duration.minutes(15) });
  const nature = new Nature(
    simulation,
    databases.map((identifier) => ({ identifier })),
  );
  await nature.begin();
}, 120_000);
afterEach(() => simulation.close());

test('a schedule that somebody disables is told by an alarm that rests on Lambda alone, and by those of the resources', async () => {
  await simulation.until('2026-03-02T13:00:00Z');
  expect(simulation.history('Recoverable').filter(({ to }) => to === 'ALARM')).toEqual([]);
  simulation.runs.disable();
  await simulation.until('2026-03-02T23:00:00Z');
  const last = Date.parse('2026-03-02T13:00:00Z');
  const [silent, ...more] = simulation.history('MonitorSilent').filter(({ to }) => to === 'ALARM');
  expect(more).toEqual([]);
  expect(silent.at.getTime() - last).toBeLessThan(2 * HOUR + 5 * MINUTE);
  for (const identifier of databases) {
    const [raised, ...again] = simulation.raised(identifier);
    expect(again).toEqual([]);
    expect(raised.getTime() - last).toBeLessThan(30 * MINUTE);
  }
});
