import { once } from 'node:events';
import type { Faults } from '../../../rehearsal/aws';
import { openBackups, PREFIX, type Backups } from './backup-account';
import { ended, Playground } from './support';

jest.setTimeout(60_000);

let playground: Playground;
let backups: Backups;
const faults: Faults = {};
beforeEach(async () => {
  Object.assign(faults, { snapshotFails: false, snapshotSlow: false });
  playground = new Playground();
  backups = await openBackups({ faults });
});
afterEach(async () => {
  await backups.close();
  playground.remove();
});

const run = (args: readonly string[], environment: Record<string, string> = {}) =>
  playground.run(['backup-now', ...args], { ...backups.environment, ...environment });
const REASON = ['--reason', 'before release 7: orders@abc'];

test('--wait ends when the snapshot is available; it carries the reason and an end', async () => {
  const { status, stdout, stderr } = await run(['gold/orders', ...REASON, '--wait', '--retention-days', '7']);
  expect(status).toBe(0);
  const [{ identifier, status: made, tags }] = backups.snapshots();
  expect(identifier).toMatch(new RegExp(`^${PREFIX}now-orders-prod-\\d{8}-\\d{6}-[0-9a-f]{8}$`));
  expect(made).toBe('available');
  expect(stdout).toMatch(
    new RegExp(`^✔ gold/orders \\(orders-prod\\): snapshot ${identifier} is available, kept until \\S+\\n$`),
  );
  expect(stderr).toContain(`gold/orders  snapshot ${identifier} started\n`);
  const { 'cdk-recoverable:expires': expires, ...rest } = Object.fromEntries(
    tags.map(({ Key, Value }) => [Key, Value]),
  );
  expect(rest).toEqual({
    'cdk-recoverable:site': 'acme',
    'cdk-recoverable:backup': 'on-demand',
    'cdk-recoverable:resource': 'gold/orders',
    'cdk-recoverable:reason': 'before release 7: orders@abc',
  });
  const days = (Date.parse(expires!) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(6.9);
  expect(days).toBeLessThan(7.1);
});

test('an instance is found by its identifier too, in whatever case, and --json prints nothing else', async () => {
  const { status, stdout } = await run(['LEDGER-prod', ...REASON, '--wait', '--json']);
  expect(status).toBe(0);
  const [{ identifier }] = backups.snapshots();
  expect(JSON.parse(stdout)).toEqual({
    reason: 'before release 7: orders@abc',
    snapshots: [
      {
        site: 'acme',
        resource: 'gold/ledger',
        kind: 'db-instance',
        identifier: 'ledger-prod',
        snapshot: identifier,
        expires: expect.stringMatching(/^\d{4}-/),
        status: 'available',
      },
    ],
  });
});

test('without --wait it ends when the snapshot has been started', async () => {
  faults.snapshotSlow = true;
  const { status, stdout } = await run(['gold/orders', ...REASON]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/snapshot \S+ has been started, kept until/);
  expect(backups.snapshots().map((one) => one.status)).toEqual(['creating']);
});

test('--all takes one of every protected instance, however many plans protect it, and none of what is elsewhere', async () => {
  const { status, stdout } = await run(['--all', ...REASON, '--wait', '--json']);
  expect(status).toBe(0);
  const { snapshots } = JSON.parse(stdout) as { snapshots: { identifier: string; status: string }[] };
  expect(snapshots.map((one) => [one.identifier, one.status]).sort()).toEqual([
    ['ledger-prod', 'available'],
    ['orders-prod', 'available'],
  ]);
  expect(backups.snapshots()).toHaveLength(2);
});

test('a snapshot that fails is told, with status 1', async () => {
  faults.snapshotFails = true;
  const { status, stdout, stderr } = await run(['gold/orders', ...REASON, '--wait', '--json']);
  expect(status).toBe(1);
  const { snapshots } = JSON.parse(stdout) as { snapshots: { status: string; error: string }[] };
  expect(snapshots).toEqual([
    expect.objectContaining({ status: 'failed', error: expect.stringMatching(/ is failed$/) }),
  ]);
  expect(stderr).toMatch(/gold\/orders {2}failed: snapshot rcv-\S+ is failed/);
});

test('one that is denied keeps no other from being taken', async () => {
  const narrow = { AWS_ACCESS_KEY_ID: 'AKIANARROW' };
  await backups.close();
  backups = await openBackups({ faults, narrow: 'ledger-prod' });
  const { status, stdout } = await run(['--all', ...REASON, '--wait'], narrow);
  expect(status).toBe(1);
  expect(stdout).toMatch(/✖ gold\/orders \(orders-prod\): .*not authorized to perform: rds:CreateDBSnapshot/);
  expect(stdout).toMatch(/✔ gold\/ledger \(ledger-prod\): snapshot \S+ is available/);
});

test('what cannot be drilled is backed up all the same, clusters too', async () => {
  await backups.close();
  backups = await openBackups({
    faults,
    undrilled: [
      { name: 'gold/legacy', kind: 'db-instance', identifier: 'legacy-prod' },
      { name: 'gold/aurora', kind: 'db-cluster', identifier: 'aurora-prod' },
    ],
  });
  expect((await run(['gold/legacy', ...REASON, '--wait'])).status).toBe(0);
  const { status, stdout } = await run(['--all', ...REASON, '--wait']);
  expect(status).toBe(0);
  expect(stdout.match(/^✔ .*is available/gm)).toHaveLength(4);
  const [{ identifier, cluster, status: made, tags }, ...others] = backups.clusterSnapshots();
  expect({ others, cluster: cluster.identifier, made }).toEqual({
    others: [],
    cluster: 'aurora-prod',
    made: 'available',
  });
  expect(identifier).toMatch(new RegExp(`^${PREFIX}now-\\d{8}-\\d{6}-[0-9a-f]{8}$`));
  expect(tags).toContainEqual({ Key: 'cdk-recoverable:reason', Value: 'before release 7: orders@abc' });
  expect(stdout).toContain(`✔ gold/aurora (aurora-prod): snapshot ${identifier} is available, kept until `);
});

describe('a cluster', () => {
  beforeEach(async () => {
    await backups.close();
    const undrilled = [{ name: 'gold/aurora', kind: 'db-cluster' as const, identifier: 'aurora-prod' }];
    backups = await openBackups({ faults, undrilled });
  });

  test('whose snapshot fails is told, with status 1', async () => {
    faults.snapshotFails = true;
    const { status, stdout } = await run(['aurora-prod', ...REASON, '--wait', '--json']);
    expect(status).toBe(1);
    const { snapshots } = JSON.parse(stdout) as { snapshots: object[] };
    expect(snapshots).toEqual([
      expect.objectContaining({ kind: 'db-cluster', status: 'failed', error: expect.stringMatching(/ is failed$/) }),
    ]);
  });

  test('Ctrl-C names the command that looks at its snapshot', async () => {
    faults.snapshotSlow = true;
    const { status, stderr } = await interrupted(['gold/aurora', ...REASON, '--wait']);
    const [{ identifier }] = backups.clusterSnapshots();
    expect(status).toBe(130);
    expect(stderr).toContain(
      `look with \`aws rds describe-db-cluster-snapshots --db-cluster-snapshot-identifier ${identifier}\``,
    );
  });
});

/** Ended by Ctrl-C once a snapshot has been seen half done. */
async function interrupted(args: readonly string[]) {
  const child = playground.start(['backup-now', ...args], backups.environment);
  const end = ended(child);
  let heard = '';
  while (!/creating, 50 %/.test(heard)) heard += String((await once(child.stderr!, 'data'))[0]);
  child.kill('SIGINT');
  return end;
}

test('Ctrl-C while it waits says that the snapshot goes on', async () => {
  faults.snapshotSlow = true;
  const { status, stdout, stderr } = await interrupted(['gold/orders', ...REASON, '--wait']);
  expect({ status, stdout }).toEqual({ status: 130, stdout: '' });
  const [{ identifier, status: left }] = backups.snapshots();
  expect(left).toBe('creating');
  expect(stderr).toContain(
    `recoverable: interrupted: RDS goes on with ${identifier}; look with \`aws rds describe-db-snapshots --db`,
  );
});

test.each<[string, string[], RegExp]>([
  ['no resource', [], /name one resource, .* or give --all/],
  ['a resource and --all', ['gold/orders', '--all'], /name one resource, .* or give --all/],
  [
    'an unknown resource',
    ['gold/customers'],
    /nothing named "gold\/customers" is protected; protected: gold\/ledger \(ledger-prod\), gold\/orders \(orders-prod\), silver/,
  ],
  ['an unprotected instance', ['customers-prod'], /nothing named "customers-prod" is protected/],
  [
    'an unknown site',
    ['gold/orders', '--site', 'ac'],
    /no recovery site "ac" in eu-west-1 of this account; there is: acme/,
  ],
  [
    'no time',
    ['gold/orders', '--retention-days', '0'],
    /--retention-days must be a whole number from 1 to 3650, got "0"/,
  ],
  ['half a day', ['gold/orders', '--retention-days', '0.5'], /--retention-days must be a whole number/],
])('%s is told in one line, with status 2, and nothing is taken', async (_, args, says) => {
  const { status, stdout, stderr } = await run([...args, ...REASON]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(says);
  expect(stderr).toMatch(/^recoverable: [^\n]+\n$/);
  expect(backups.snapshots()).toEqual([]);
});

test.each([
  ['a terminal’s escape', '\u001b[2Jboo'],
  ['a command', '$(rm -rf /); `id` | sh'],
  ['nothing', '  '],
])('a reason that is %s is refused, with what a reason may be', async (_, reason) => {
  const { status, stdout, stderr } = await run(['gold/orders', '--reason', reason]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(
    /^recoverable: the reason is kept as a tag, which takes 1 to 256 letters, digits, spaces and _ \. : \/ = \+ - @; got "[^\n\p{Cc}]*"\n$/u,
  );
  expect(backups.aws.calls).toEqual([]);
});

test('no reason is a mistake in the call', async () => {
  const { status, stderr } = await run(['gold/orders']);
  expect(status).toBe(2);
  expect(stderr).toMatch(/required option '--reason <text>' not specified/);
});

test.each([
  [
    'credentials',
    { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    2,
    /^recoverable: no AWS credentials: [^\n]+\n$/,
  ],
  ['Region', { AWS_REGION: '' }, 2, /^recoverable: no AWS Region is set: give --region, or set AWS_REGION\n$/],
  ['right', { AWS_ACCESS_KEY_ID: 'AKIASTRANGER' }, 1, /^recoverable: [^\n]*security token[^\n]*\n$/],
  ['network', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 1, /^recoverable: [^\n]+\n$/],
])('without %s it says so', async (_, environment, expected, says) => {
  const { status, stdout, stderr } = await run(['gold/orders', ...REASON], environment);
  expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
  expect(stderr).toMatch(says);
});

describe('of several sites', () => {
  beforeEach(async () => {
    await backups.close();
    backups = await openBackups({ faults, sites: [PREFIX, 'rcv-dr-1a2b3c4d-'] });
  });

  test.each([['gold/orders'], ['--all']])('%s needs one named', async (what) => {
    const { status, stderr } = await run([what, ...REASON]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/several recovery sites.*: name one with --site: acme, dr/);
    expect((await run([what, ...REASON, '--site', 'dr', '--wait'])).status).toBe(0);
    expect(backups.snapshots().every(({ identifier }) => identifier.startsWith('rcv-dr-1a2b3c4d-now-'))).toBe(true);
  });
});

test('an account without a site is told so', async () => {
  await backups.close();
  backups = await openBackups({ sites: [] });
  const { status, stderr } = await run(['gold/orders', ...REASON]);
  expect(status).toBe(2);
  expect(stderr).toBe(
    'recoverable: there is no recovery site in eu-west-1 of this account: check profile and Region\n',
  );
});
