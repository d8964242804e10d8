import { ended, descendants, hasScript, Playground, survivors } from './support';

jest.setTimeout(180_000);

let playground: Playground;
beforeEach(() => (playground = new Playground()));
afterEach(() => playground.remove());

/** Seen from outside, by what a run has made by then. */
const MOMENTS = {
  'at the very start': /^recoverable-\w+\/owner.json$/,
  'while the data is loaded': /^recoverable-\w+\/s1$/,
  'while a copy is restored': /^recoverable-\w+\/s[2-9]$/,
  'while the copy is verified': /^recoverable-\w+\/logs\/.*[Qq]uery.*\.log$/,
};

async function endedBy(signal: NodeJS.Signals, moment: keyof typeof MOMENTS) {
  const child = playground.start(['rehearse', '--json']);
  const end = ended(child);
  try {
    await playground.until(MOMENTS[moment]);
    const below = await descendants(child.pid!);
    child.kill(signal);
    return { ...(await end), below };
  } finally {
    child.kill('SIGKILL');
  }
}

test.each(Object.keys(MOMENTS) as (keyof typeof MOMENTS)[])('Ctrl-C %s leaves nothing', async (moment) => {
  const { status, stdout, stderr, below } = await endedBy('SIGINT', moment);
  expect({ status, stdout }).toEqual({ status: 130, stdout: '' });
  expect(stderr).toBe('recoverable: interrupted by SIGINT: everything it started is removed\n');
  expect(await survivors(below)).toEqual([]);
  expect(playground.leftovers()).toEqual([]);
});

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s leaves nothing', async (signal, expected) => {
  const { status, below } = await endedBy(signal, 'while the data is loaded');
  expect(status).toBe(expected);
  expect(await survivors(below)).toEqual([]);
  expect(playground.leftovers()).toEqual([]);
});

if (!hasScript) process.stderr.write('skipped: Ctrl-C on a terminal needs the command script of util-linux\n');

(hasScript ? test : test.skip)('Ctrl-C on a terminal leaves nothing, and shows the cursor again', async () => {
  const child = playground.terminal(['rehearse']);
  const end = ended(child);
  await playground.until(MOMENTS['while a copy is restored']);
  const below = await descendants(child.pid!);
  child.stdin!.write('\u0003');
  const { status, stdout } = await end;
  expect(status).toBe(130);
  expect(stdout).toMatch(/recoverable: interrupted by SIGINT/);
  expect(stdout).toMatch(/✖[^\n]*Restore[^\n]*interrupted/);
  expect(stdout).not.toMatch(/✔[^\n]*Tear down/);
  expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'));
  expect(await survivors(below)).toEqual([]);
  expect(playground.leftovers()).toEqual([]);
});

test('a run killed halfway leaves no process, and the next one removes its directories', async () => {
  const { below } = await endedBy('SIGKILL', 'while the copy is verified');
  expect(below.length).toBeGreaterThan(3);
  expect(await survivors(below)).toEqual([]);
  expect(playground.leftovers().length).toBe(2);
  const next = playground.start(['rehearse', '--json']);
  const end = ended(next);
  const stale = playground.leftovers();
  await playground.until(MOMENTS['while the data is loaded']).then(() => playground.until(/\/buckets$/));
  for (let waited = 0; waited < 100 && playground.leftovers().some((one) => stale.includes(one)); waited += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(playground.leftovers().filter((one) => stale.includes(one))).toEqual([]);
  next.kill('SIGINT');
  expect((await end).status).toBe(130);
  expect(playground.leftovers()).toEqual([]);
});
