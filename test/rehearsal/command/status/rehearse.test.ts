import type { StatusReport } from '../../../../rehearsal/command/status/report';
import { expectToFit } from '../schema';
import { descendants, ended, Playground, survivors } from '../support';

jest.setTimeout(300_000);

let playground: Playground;
beforeEach(() => (playground = new Playground()));
afterEach(() => playground.remove());

test('with a fault it ends with 1 once somebody was told, says what they were told, and leaves nothing', async () => {
  const { status, stdout, stderr } = await playground.run(['status', '--rehearse', '--fault', 'archiving-stopped']);
  expect(status).toBe(1);
  expect(stdout).toContain('Time passes 60 times as fast: measured every 5 s, point in time may be 15 s old.');
  expect(stdout).toMatch(/Told to a webhook on this machine\n {2}page: Shop\/Orders: /);
  expect(stdout).toMatch(/✖ Site shop in eu-west-1: 2 resources, 1 stale, 1 fresh/);
  expect(stderr).toContain('From now on the log of the database is archived no more');
  expect(playground.leftovers()).toEqual([]);
});

test('without one it ends with 0, and --json is the status alone', async () => {
  const { status, stdout } = await playground.run(['status', '--rehearse', '--json']);
  expect(status).toBe(0);
  const report = JSON.parse(stdout) as StatusReport;
  expectToFit('status-v1.schema.json', report);
  expect(report.state).toBe('fresh');
});

test('Ctrl-C in the middle ends everything it started', async () => {
  const child = playground.start(['status', '--rehearse']);
  await playground.until(/logs\/.*monitor\.log$/);
  const started = await descendants(child.pid!);
  expect(started.length).toBeGreaterThan(1);
  child.kill('SIGINT');
  const { status, stderr } = await ended(child);
  expect(status).toBe(130);
  expect(stderr).toContain('recoverable: interrupted by SIGINT: everything it started is removed');
  expect(await survivors(started)).toEqual([]);
  expect(playground.leftovers()).toEqual([]);
});

test.each([
  ['a fault without a rehearsal', ['--fault', 'archiving-stopped'], /give --rehearse too/],
  [
    'an unknown fault',
    ['--rehearse', '--fault', 'x'],
    /no fault of backups is named "x"; known are: archiving-stopped/,
  ],
  ['a rehearsal of an account', ['--rehearse', '--region', 'eu-west-1'], /--rehearse looks at no account/],
])('%s is a mistake in the call', async (_, args, why) => {
  const { status, stdout, stderr } = await playground.run(['status', ...args]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(why);
});
