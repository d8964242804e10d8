import { Duration } from 'aws-cdk-lib';
import { Nature } from './nature';
import { Simulation } from './simulation';
import { MINUTE } from './timeline';

/* A plan that promises to lose a quarter of an hour at most: measured every five minutes, each database with a fate of its own. */

const [HEALTHY, LAGGING, SWITCHED, NIGHTLY] = ['healthy', 'lagging', 'switched', 'nightly'];
const databases = [HEALTHY, LAGGING, SWITCHED, NIGHTLY];

let simulation: Simulation;
beforeAll(async () => {
  simulation = await Simulation.open({ start: '2026-03-02T07:00:00Z', databases, rpo: Duration.minutes(15) });
  const nature = new Nature(
    simulation,
    databases.map((identifier) => ({
      identifier,
      ...(identifier === NIGHTLY && { window: '12:00', stopped: { from: '20:00', to: '05:00' } }),
    })),
  );
  await nature.begin();
  const { timeline } = simulation;
  timeline.at(new Date('2026-03-02T13:00:00Z'), () => void nature.stuck.add(LAGGING));
  timeline.at(new Date('2026-03-02T14:30:00Z'), () => void nature.stuck.delete(LAGGING));
  timeline.at(new Date('2026-03-02T17:02:00Z'), () => nature.switchOver(SWITCHED));
  await simulation.until('2026-03-03T12:00:00Z');
}, 300_000);
afterAll(() => simulation.close());

test('log that is not archived any more is told within half an hour, and over once it is', () => {
  const [{ to, at }, over, ...more] = simulation.historyOf(LAGGING).slice(1);
  expect([to, over.to, more]).toEqual(['ALARM', 'OK', []]);
  const since = at.getTime() - Date.parse('2026-03-02T13:00:00Z');
  expect(since).toBeGreaterThan(10 * MINUTE);
  expect(since).toBeLessThan(30 * MINUTE);
  expect(over.at.getTime() - Date.parse('2026-03-02T14:30:00Z')).toBeLessThan(15 * MINUTE);
});

test('another database under the same name is no page; that its window is short is said', () => {
  expect(simulation.raised(SWITCHED)).toEqual([]);
  const { findings, resourceIdSince } = simulation.seen(SWITCHED);
  expect(resourceIdSince).toMatch(/^2026-03-02T17:/);
  expect(findings).toMatchObject([{ id: 'window-short' }]);
  expect(findings[0].severity).not.toBe('page');
});

test('a night in which a database is stopped is no page, and in the report', () => {
  expect(simulation.raised(NIGHTLY)).toEqual([]);
  expect(simulation.seen(NIGHTLY).stopped).toEqual([
    { from: expect.stringMatching(/^2026-03-02T20:0/), to: expect.stringMatching(/^2026-03-03T05:0/) },
  ]);
});

test('a healthy database raises nothing on its first day, and nobody is silent', () => {
  expect(simulation.raised(HEALTHY)).toEqual([]);
  expect(simulation.raisedAtAll(databases, 'Proven')).toEqual([]);
  expect(simulation.history('MonitorSilent').map(({ to }) => to)).toEqual(['OK']);
  expect(simulation.functions.failures).toEqual([]);
});
