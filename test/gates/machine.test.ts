import { createRequire } from 'node:module';
import { PATIENCE } from '../../lib/private/patience';
import { flatten } from '../lib/support';
import { templates } from './stacks';

// It ships no types.
const aslValidator: (machine: unknown) => { readonly isValid: boolean; readonly errors: unknown[] } =
  createRequire(__filename)('asl-validator');

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly Retry?: Retrier[];
  readonly Catch?: { readonly ErrorEquals: string[]; readonly Next: string; readonly ResultPath: string | null }[];
  readonly [key: string]: unknown;
}

interface Retrier {
  readonly ErrorEquals: string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds?: number;
}

interface Machine {
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Record<string, State>;
}

const machines: [string, Machine][] = templates().flatMap(({ name, template }) =>
  Object.values(template.Resources)
    // The provider framework's own machine, which is the CDK's, has no name.
    .filter(({ Type, Properties }) => Type === 'AWS::StepFunctions::StateMachine' && Properties.StateMachineName)
    .map(({ Properties }): [string, Machine] => [
      name,
      JSON.parse(
        flatten(Properties.DefinitionString).replace(
          /<\w+CurrentVersion\w+>/g,
          'arn:aws:lambda:eu-west-1:111122223333:function:x:1',
        ),
      ),
    ]),
);

/** Seconds that a retrier waits in all. */
function waits({ IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds = Infinity }: Retrier): number {
  const delays = Array.from({ length: MaxAttempts }, (_, attempt) => IntervalSeconds * BackoffRate ** attempt);
  return delays.reduce((sum, delay) => sum + Math.min(delay, MaxDelaySeconds), 0);
}

test('there is one machine for each site', () => {
  expect(machines.map(([name]) => name)).toEqual([
    'example/RecoverableExampleDr',
    'example/RecoverableExample',
    'configured/Recoverable',
    'configured/RecoverableDr',
    'maximal/MaximalSite',
    'maximal/MaximalDr',
    'other account/MaximalVault',
    'other account/MaximalFiles',
  ]);
});

describe.each(machines)('%s', (_, machine) => {
  const tasks = Object.entries(machine.States).filter(([, { Type }]) => Type === 'Task');

  test('is valid', () => {
    expect(aslValidator(machine).errors).toEqual([]);
  });

  test('has the states of the design, and uses what the rehearsal runs', () => {
    expect(Object.keys(machine.States).sort()).toEqual(
      [
        'Access open?',
        'Announce',
        'Choose recovery source',
        'Database or files?',
        'Declare disaster',
        'Failed',
        'Files restored?',
        'Gone?',
        'Inconclusive',
        'Is it ready?',
        'Not declared',
        'Not recorded',
        'Open access',
        'Passed',
        'Ready?',
        'Record evidence',
        'Restore',
        'Restore files',
        'Tear down',
        'Verdict',
        'Verified?',
        'Verify',
        'Wait',
        'Wait for access',
        'Wait to restore',
        'Wait to verify',
        'Wait until gone',
      ].sort(),
    );
    const text = JSON.stringify(machine);
    for (const unknown of [
      '$$.State',
      '$$.Task',
      'JSONata',
      'Assign',
      'Heartbeat',
      'waitForTaskToken',
      'States.Json',
    ]) {
      expect(text).not.toContain(unknown);
    }
  });

  test('gives every task a version, a timeout, ten minutes of patience with Lambda and a way on', () => {
    expect(tasks.length).toBe(10);
    for (const [name, task] of tasks) {
      expect([name, task.Resource]).toEqual([name, expect.stringMatching(/:function:x:1$/)]);
      expect(task.TimeoutSeconds).toBeGreaterThan(60);
      const [retry] = task.Retry ?? [];
      expect(retry.ErrorEquals).toEqual(
        expect.arrayContaining([
          'Lambda.TooManyRequestsException',
          'Lambda.ResourceNotReadyException',
          'Lambda.ENINotReadyException',
        ]),
      );
      expect(waits(retry)).toBeGreaterThan(9 * 60);
      expect(waits(retry)).toBeLessThan(12 * 60);
      expect(task.Catch?.map(({ ErrorEquals }) => ErrorEquals)).toEqual([['States.ALL']]);
    }
  });

  test('tries twenty minutes to remove, record and announce, except where that changes nothing', () => {
    for (const name of ['Tear down', 'Record evidence', 'Announce']) {
      const [, final, every] = machine.States[name].Retry ?? [];
      expect([name, final.MaxAttempts]).toEqual([name, 0]);
      expect(final.ErrorEquals).toEqual(expect.arrayContaining(['LeftBehind', 'NotOurs']));
      expect([name, every.ErrorEquals]).toEqual([name, ['States.ALL']]);
      expect(waits(every)).toBeGreaterThan(15 * 60);
    }
  });

  test('its own timeout, which skips Tear down, and its events outlast every patience', () => {
    const { available, access, verify, gone, teardown, poll, ttl } = PATIENCE;
    const retries = 4 * 60 * 60;
    const longest = available + access + verify + gone + teardown + retries;
    expect(machine.TimeoutSeconds).toBeGreaterThan(longest);
    expect(ttl).toBeGreaterThanOrEqual(machine.TimeoutSeconds);
    // A round of polling is nine events: wait 2, task 5, choice 2.
    expect((longest / poll) * 9).toBeLessThan(25_000);
  });

  test('tears down on every path from the first restore on, and records after it', () => {
    const next = (name: string) => machine.States[name].Catch?.[0].Next;
    for (const name of ['Choose recovery source', 'Restore', 'Is it ready?', 'Open access', 'Verify']) {
      expect([name, next(name)]).toEqual([name, 'Tear down']);
      expect(machine.States[name].Catch?.[0].ResultPath).toBe('$.failure');
    }
    expect(next('Tear down')).toBe('Record evidence');
    expect(machine.States['Tear down'].Catch?.[0].ResultPath).toBe('$.teardownFailure');
    expect(next('Record evidence')).toBe('Not recorded');
    expect(next('Announce')).toBe('Verdict');
    expect(machine.States.Announce.ResultPath).toBeNull();
    expect(machine.States.Announce.Catch?.[0].ResultPath).toBeNull();
  });

  test('succeeds for a passed drill alone', () => {
    const ends = Object.entries(machine.States).filter(([, { Type }]) => Type === 'Succeed' || Type === 'Fail');
    expect(Object.fromEntries(ends.map(([name, end]) => [name, end.Error ?? end.Type]))).toEqual({
      Passed: 'Succeed',
      Failed: 'DrillFailed',
      Inconclusive: 'DrillInconclusive',
      'Not declared': 'DrillInconclusive',
      'Not recorded': 'DrillInconclusive',
    });
    const choices = machine.States.Verdict.Choices as { StringEquals: string; Next: string }[];
    expect(choices.filter(({ Next }) => Next === 'Passed').map(({ StringEquals }) => StringEquals)).toEqual(['PASSED']);
    expect(machine.States.Verdict.Default).toBe('Inconclusive');
  });
});

test('a machine that is broken is found', () => {
  const broken = structuredClone(machines[0][1]) as { States: Record<string, { Next?: string }> };
  broken.States.Restore.Next = 'Nowhere';
  expect(aslValidator(broken).isValid).toBe(false);
});
