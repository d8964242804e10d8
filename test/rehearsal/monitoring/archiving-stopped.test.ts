import { backupFaultNamed } from '../../../rehearsal/monitoring/faults';
import { MonitoringRehearsal } from '../../../rehearsal/monitoring/rehearsal';
import type { StatusReport } from '../../../rehearsal/command/status/report';
import { expectToFit } from '../command/schema';
import { Playground } from '../command/support';

jest.setTimeout(400_000);

let playground: Playground;
let rehearsal: MonitoringRehearsal;
beforeAll(async () => {
  playground = new Playground();
  rehearsal = await MonitoringRehearsal.open();
});
afterAll(async () => {
  await rehearsal.close();
  playground.remove();
});

/** The command that ships, against the rehearsed account. */
async function status(...args: string[]) {
  const { endpoint, region, credentials } = rehearsal.site.client;
  return playground.run(['status', ...args], {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
}

async function report(): Promise<StatusReport> {
  const found = JSON.parse((await status('--json')).stdout) as StatusReport;
  expectToFit('status-v1.schema.json', found);
  return found;
}

const alarm = () => {
  const { deployment, account } = rehearsal.site;
  const { name } = deployment.one('AWS::CloudWatch::Alarm', 'OrdersRecoverable');
  return account.cloudWatch.stateOf(name);
};
const told = () => rehearsal.webhook.told;
/** What the last run of the monitor measured. */
const ratio = () => {
  const { account, definitions } = rehearsal.site;
  const body = account.s3.read(definitions[0].stateBucket, `monitor/${definitions[0].shard}.json`);
  return body && (JSON.parse(body.toString()).resources[0].restorable?.ratio as number | undefined);
};

test('an archive that stops is measured, alarms, is told in a sentence, and is over when it goes on', async () => {
  await rehearsal.until(() => alarm() === 'OK', 'a quiet alarm');
  const quiet = await status();
  expect(quiet.stdout).toMatch(/✔ Site shop in eu-west-1: 1 resource, 1 fresh/);
  expect(quiet.status).toBe(0);
  expect(ratio()).toBeLessThan(1);
  expect(told()).toEqual([]);

  await rehearsal.break(backupFaultNamed('archiving-stopped'));
  const seen: number[] = [];
  await rehearsal.until(() => {
    const now = ratio()!;
    if (now !== seen.at(-1)) seen.push(now);
    return alarm() === 'ALARM';
  }, 'the alarm');
  // It grows run by run once nothing new is archived.
  const grown = seen.slice(
    seen.findIndex((_, index) => seen.slice(index).every((one, i, all) => i === 0 || one > all[i - 1])),
  );
  expect(grown.length).toBeGreaterThanOrEqual(3);
  expect(grown.at(-1)).toBeGreaterThan(1);

  await rehearsal.until(() => told().length > 0, 'the message');
  const [{ title, text, nextSteps }] = told();
  expect(title).toMatch(/^page: Shop\/Orders: /);
  expect(text).toMatch(/What happened: The newest .*Shop\/Orders is of .* old; 15 seconds are allowed\./);
  expect(text).toMatch(/Since: \d{4}-/);
  expect(text).toMatch(/What it means: /);
  expect(nextSteps.join(' ')).toContain('backup-now Shop/Orders');

  const stale = await status();
  expect(stale.stdout).toMatch(/✖ stale since /);
  expect(stale.status).toBe(1);
  const { state, sites } = await report();
  expect(state).toBe('stale');
  expect(sites[0].resources).toMatchObject([
    { name: 'Shop/Orders', recoverable: { state: 'stale', of: 'point in time', allowedSeconds: 15 } },
  ]);

  await rehearsal.mend();
  await rehearsal.until(() => alarm() === 'OK', 'the end of the alarm');
  await rehearsal.until(() => told().length > 1, 'the message that it is over');
  expect(told().map((one) => one.title)).toEqual([title, expect.stringMatching(/^over: Shop\/Orders/)]);
  const mended = await status();
  expect(mended.stdout).toMatch(/✔ point in time: /);
  expect(mended.status).toBe(0);
});

test('nothing else went wrong: no call was denied, no function failed', () => {
  const { site } = rehearsal;
  expect(site.failures).toEqual([]);
  expect(site.account.aws.problems).toEqual([]);
  expect(site.account.aws.calls.filter(({ allowed }) => !allowed)).toEqual([]);
});
