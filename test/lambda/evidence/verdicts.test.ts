import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../../../lambda/evidence/judge';
import { causeOf, judgeFailure, VERDICTS } from '../../../lambda/evidence/verdicts';
import { endedBy } from './samples';

const lambdaCause = (errorType: string, errorMessage: string) =>
  JSON.stringify({ errorType, errorMessage, trace: ['at secret/path.js:1'] });

describe('the table of faults', () => {
  test.each([
    ['NoRecoverySource', 'FAILED'],
    ['PointInTimeRestoreNotEnabledFault', 'FAILED'],
    ['PointInTimeRestoreNotEnabled', 'FAILED'],
    ['RestoreEndedBadly', 'FAILED'],
    ['NotAvailableInTime', 'FAILED'],
    ['ThrottlingException', 'INCONCLUSIVE'],
    ['Throttling', 'INCONCLUSIVE'],
    ['ThrottledException', 'INCONCLUSIVE'],
    ['RequestThrottledException', 'INCONCLUSIVE'],
    ['RequestLimitExceeded', 'INCONCLUSIVE'],
    ['TooManyRequestsException', 'INCONCLUSIVE'],
    ['Lambda.TooManyRequestsException', 'INCONCLUSIVE'],
    ['SlowDown', 'INCONCLUSIVE'],
    ['AccessDenied', 'INCONCLUSIVE'],
    ['AccessDeniedException', 'INCONCLUSIVE'],
    ['KMSKeyNotAccessibleFault', 'INCONCLUSIVE'],
    ['CannotConnect', 'INCONCLUSIVE'],
    ['LoginRefused', 'INCONCLUSIVE'],
    ['AccessNotOpened', 'INCONCLUSIVE'],
    ['ResourceLocked', 'INCONCLUSIVE'],
    ['QuotaReached', 'INCONCLUSIVE'],
    ['InstanceQuotaExceededFault', 'INCONCLUSIVE'],
    ['StorageQuotaExceeded', 'INCONCLUSIVE'],
    ['InsufficientDBInstanceCapacityFault', 'INCONCLUSIVE'],
    ['VerificationTooLong', 'INCONCLUSIVE'],
    ['NotDrillable', 'INCONCLUSIVE'],
    ['NameTaken', 'INCONCLUSIVE'],
    ['DuplicateDrill', 'INCONCLUSIVE'],
    ['InvalidDefinition', 'INCONCLUSIVE'],
    ['InvalidInput', 'INCONCLUSIVE'],
    ['MissingEnvironment', 'INCONCLUSIVE'],
    ['States.Timeout', 'INCONCLUSIVE'],
    ['States.TaskFailed', 'INCONCLUSIVE'],
    ['Sandbox.Timedout', 'INCONCLUSIVE'],
    ['Lambda.ServiceException', 'INCONCLUSIVE'],
    ['Lambda.ResourceNotReadyException', 'INCONCLUSIVE'],
    ['Runtime.ExitError', 'INCONCLUSIVE'],
    ['ECONNRESET', 'INCONCLUSIVE'],
    ['DBSnapshotNotFoundFault', 'INCONCLUSIVE'],
    ['Error', 'INCONCLUSIVE'],
    ['__proto__', 'INCONCLUSIVE'],
    ['', 'INCONCLUSIVE'],
    ['NoRecoverySourceX', 'INCONCLUSIVE'],
  ])('%s is %s, and its sentence carries cause and next step', (error, verdict) => {
    const judged = judge(endedBy(error, lambdaCause(error, 'this is the cause'), 'instance'));
    expect(judged.verdict).toBe(verdict);
    expect(judged.reasons[0]).toContain('this is the cause');
    expect(judged.reasons[0]).not.toContain('secret/path');
    expect(judged.reasons[0]).toMatch(/\. [A-Z].*\.$/);
  });

  test('every row is reached by a name of its own', () => {
    const names = [
      'NoRecoverySource',
      'RestoreEndedBadly',
      'FilesNotRestored',
      'NotAvailableInTime',
      'Throttling',
      'AccessDenied',
      'KMSKeyNotAccessibleFault',
      'CannotConnect',
      'LoginRefused',
      'ResourceLocked',
      'QuotaReached',
      'RestoreInterrupted',
      'InsufficientDBInstanceCapacityFault',
      'RestoredWithIssues',
      'RestoreJobUnknown',
      'VerificationTooLong',
      'ExecutionStopped',
      'QueryFailed',
      'FilesFailed',
      'NotDrillable',
      'NameTaken',
      'InvalidInput',
      'States.Timeout',
      'Lambda.Unknown',
    ];
    const reached = names.map((Error) => judgeFailure({ Error, Cause: '' }, 'Restore').reason.split(':')[0]);
    expect(new Set(reached)).toEqual(new Set(VERDICTS.map((row) => row.what)));
  });

  test('knows every error by which a function can end a drill', () => {
    const folders = [
      'drill/choose',
      'drill/restore',
      'drill/ready',
      'drill/access',
      'drill/verify',
      'drill/query',
      'verification',
    ];
    const thrown = folders
      .flatMap((folder) => sources(join(__dirname, '../../../lambda', folder)))
      .flatMap((text) =>
        [...text.matchAll(/(?:new NamedError\(\s*|this\.name = )'(\w+)'/g)].map((match) => match[1] ?? ''),
      );
    expect(thrown).toContain('NoRecoverySource');
    const unknown = [...new Set(thrown)].filter((Error) =>
      judgeFailure({ Error, Cause: '' }, 'Restore').reason.includes('does not know'),
    );
    expect(unknown).toEqual([]);
  });

  test('a drill that was stopped from outside names no state, since nobody told it', () => {
    const { verdict, reason } = judgeFailure(
      { Error: 'ExecutionStopped', Cause: 'execution x ended ABORTED' },
      'Choose recovery source',
    );
    expect(verdict).toBe('INCONCLUSIVE');
    expect(reason).toBe(
      'The drill was stopped before its end: execution x ended ABORTED (ExecutionStopped). See that the sweeper removed what it made, and drill again.',
    );
  });

  test('the type inside the cause is used where the outer name says nothing', () => {
    expect(judgeFailure({ Error: 'Whatever', Cause: lambdaCause('NoRecoverySource', 'x') }, 'Restore').verdict).toBe(
      'FAILED',
    );
    expect(
      judgeFailure({ Error: 'ThrottlingException', Cause: lambdaCause('NoRecoverySource', 'x') }, 'Restore').verdict,
    ).toBe('INCONCLUSIVE');
  });
});

describe('a cause', () => {
  test.each([
    ['plain text', { message: 'plain text' }],
    ['', { message: '' }],
    ['null', { message: 'null' }],
    ['[1]', { message: '[1]' }],
    ['{"a":1}', { message: '{"a":1}' }],
    ['{"errorType":1,"errorMessage":{}}', { message: '' }],
    ['{"errorType":"T"}', { type: 'T', message: '' }],
    ['{"errorMessage":"m"', { message: '{"errorMessage":"m"' }],
  ])('%j', (Cause, expected) => {
    expect(causeOf({ Error: 'E', Cause })).toEqual(expected);
  });

  test('a huge or missing one still makes a short sentence', () => {
    expect(judgeFailure({ Error: 'E', Cause: 'x'.repeat(1e6) }, 'Restore').reason.length).toBeLessThan(1000);
    expect(judgeFailure({ Error: 'E', Cause: undefined as unknown as string }, 'Restore').reason).toContain(
      'no cause was given',
    );
    expect(judgeFailure({ Error: undefined as unknown as string, Cause: '' }, 'Restore').verdict).toBe('INCONCLUSIVE');
  });
});

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}
