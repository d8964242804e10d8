import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PolicyDocument } from '../../../rehearsal/aws';
import type { DoctorReport } from '../../../rehearsal/command/doctor/report';
import { ACCOUNT } from '../../../rehearsal/rehearse/settings';
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
  rehearsal = await MonitoringRehearsal.open(undefined, new Map([['DOCTOR', doctorRole()]]));
});
afterAll(async () => {
  await rehearsal.close();
  playground.remove();
});

/** With the rights of the example, and no other. */
function doctorRole() {
  const text = readFileSync(path.resolve(__dirname, '../../../examples/doctor/role-policy.json'), 'utf8');
  const policy = text.replaceAll('REGION', 'eu-west-1').replaceAll('ACCOUNT', ACCOUNT);
  return { arn: `arn:aws:iam::${ACCOUNT}:role/doctor`, policies: [JSON.parse(policy) as PolicyDocument] };
}

/** The command that ships, against the rehearsed account. */
function run(accessKeyId: string, ...args: string[]) {
  const { endpoint, region } = rehearsal.site.client;
  return playground.run(args, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'not checked here',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
}

const status = (...args: string[]) => run('LOOKER', 'status', ...args);

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
  return (
    body &&
    (JSON.parse(body.toString()).resources.find(({ kind }: { kind: string }) => kind === 'db-instance').restorable
      ?.ratio as number | undefined)
  );
};

test('an archive that stops is measured, alarms, is told in a sentence, and is over when it goes on', async () => {
  await rehearsal.until(() => alarm() === 'OK', 'a quiet alarm');
  const quiet = await status();
  expect(quiet.stdout).toMatch(/✔ Site shop in eu-west-1: 2 resources, 2 fresh/);
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
  expect(sites[0].resources.find(({ name }) => name === 'Shop/Orders')).toMatchObject({
    recoverable: { state: 'stale', of: 'point in time', allowedSeconds: 15 },
  });

  await rehearsal.mend();
  await rehearsal.until(() => alarm() === 'OK', 'the end of the alarm');
  await rehearsal.until(() => told().length > 1, 'the message that it is over');
  expect(told().map((one) => one.title)).toEqual([title, expect.stringMatching(/^over: Shop\/Orders/)]);
  const mended = await status();
  expect(mended.stdout).toMatch(/Shop\/Orders\s+│ ✔ /);
  expect(mended.status).toBe(0);
});

test('the doctor finds of the deployed example what the library expects of an account', async () => {
  const { status: ended, stdout, stderr } = await run('DOCTOR', 'doctor', '--json');
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as DoctorReport;
  expectToFit('doctor-v1.schema.json', report);
  const verdicts = report.questions.map(({ id, answers }) => [id, [...new Set(answers.map(({ answer }) => answer))]]);
  // Of AWS Backup, and of Scheduler's own metrics, there is nothing here.
  const open = ['backup-opt-in', 'backup-snapshots', 'restore-jobs', 'copies-found', 'replicated-lag'];
  const unknown = new Set([...open, 'tags-described', 'scheduler-metrics', 'backup-metrics']);
  expect(verdicts).toEqual(report.questions.map(({ id }) => [id, [unknown.has(id) ? 'unknown' : 'confirmed']]));
  expect(ended).toBe(0);
});

test('nothing else went wrong: no call was denied, no function failed', () => {
  const { site } = rehearsal;
  expect(site.failures).toEqual([]);
  expect(site.account.aws.problems).toEqual([]);
  expect(site.account.aws.calls.filter(({ allowed }) => !allowed)).toEqual([]);
});
