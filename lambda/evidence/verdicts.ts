import type { StateFailure } from '../../lib/private/contract/drill';
import { oneLine } from './text';

/** What an error that ended a drill says about the backup. FAILED only where it was shown bad. */
export interface VerdictRow {
  /** Error names, whole or as a pattern. */
  readonly errors: readonly (string | RegExp)[];
  readonly verdict: 'FAILED' | 'INCONCLUSIVE';
  readonly what: string;
  readonly next: string;
  /** Heard from outside the machine, which does not say in which state. */
  readonly heard?: true;
}

/** The one table for all faults, first match wins. What it does not know is INCONCLUSIVE. */
export const VERDICTS: readonly VerdictRow[] = [
  {
    errors: ['NoRecoverySource', /^PointInTimeRestoreNotEnabled(Fault)?$/],
    verdict: 'FAILED',
    what: 'There was nothing to restore from',
    next: 'Turn automated backups on, or mend them; until then the data cannot be recovered from this source.',
  },
  {
    errors: ['RestoreEndedBadly'],
    verdict: 'FAILED',
    what: 'The restore did not end in a usable database',
    next: 'Read the events of the restored instance in RDS, mend the cause, and drill again.',
  },
  {
    errors: ['FilesNotRestored'],
    verdict: 'FAILED',
    what: 'AWS Backup did not restore the files',
    next: 'Read the message of the restore job in AWS Backup, mend the cause, and drill again.',
  },
  {
    errors: ['NotAvailableInTime'],
    verdict: 'FAILED',
    what: 'The restored copy was not available in time',
    next: 'Find out why the restore takes so long (size, class, storage), or promise a longer RTO.',
  },
  {
    errors: [
      /^(Throttl|RequestThrottled)/,
      'RequestLimitExceeded',
      'SlowDown',
      'PriorRequestNotComplete',
      'TooManyRequestsException',
      'Lambda.TooManyRequestsException',
    ],
    verdict: 'INCONCLUSIVE',
    what: 'AWS throttled the drill',
    next: 'Drill again at a quieter time, or ask for a higher request rate.',
  },
  {
    errors: [/^AccessDenied/, 'UnauthorizedOperation', 'NotAuthorized', 'KMSAccessDeniedException'],
    verdict: 'INCONCLUSIVE',
    what: 'A role of the drill lacks a permission',
    next: 'Deploy the site and the plan again; if it stays, look for a permissions boundary or an organisation policy that denies it.',
  },
  {
    errors: [/^KMS\w*(Fault|Exception)$/],
    verdict: 'INCONCLUSIVE',
    what: 'The encryption key could not be used by the drill',
    next: 'Check that the key is enabled and that its policy lets the drill role create grants: a real recovery needs the same key.',
  },
  {
    errors: ['CannotConnect'],
    verdict: 'INCONCLUSIVE',
    what: 'The verifier could not connect to the restored copy',
    next: 'Check the security groups, subnets and name resolution of the drill network.',
  },
  {
    errors: ['LoginRefused', 'AccessNotOpened'],
    verdict: 'INCONCLUSIVE',
    what: 'The restored copy could not be opened for the checks',
    next: 'Drill again; if it stays, check that the master login of the source may use a password.',
  },
  {
    errors: ['ResourceLocked'],
    verdict: 'INCONCLUSIVE',
    what: 'Another drill of the same resource was still running',
    next: 'Let it end, or move one of the schedules.',
  },
  {
    errors: ['QuotaReached', /Quota\w*Exceeded(Fault|Exception)?$/, /^SnapshotQuotaExceeded/],
    verdict: 'INCONCLUSIVE',
    what: 'A quota of the account leaves no room for a drill',
    next: 'Ask for a higher quota: a real recovery needs it too.',
  },
  {
    errors: ['RestoreInterrupted'],
    verdict: 'INCONCLUSIVE',
    what: 'Somebody interfered with the restored copy',
    next: 'Find out in CloudTrail who deleted it, and drill again.',
  },
  {
    errors: [/^InsufficientDBInstanceCapacity(Fault)?$/],
    verdict: 'INCONCLUSIVE',
    what: 'AWS had no capacity of this instance class',
    next: 'Drill again, and plan with another class for a real recovery.',
  },
  {
    errors: ['RestoredWithIssues'],
    verdict: 'INCONCLUSIVE',
    what: 'AWS Backup restored with issues, so it is not known what the copy lacks',
    next: 'Read the message of the restore job, mend its cause and drill again; drill from another source meanwhile.',
  },
  {
    errors: ['RestoreJobUnknown'],
    verdict: 'INCONCLUSIVE',
    what: 'AWS Backup did not say how its restore job ended',
    next: 'Look at the restore job in AWS Backup, and drill again.',
  },
  {
    errors: ['VerificationTooLong'],
    verdict: 'INCONCLUSIVE',
    what: 'The checks did not end within the patience for them',
    next: 'Make slow checks cheaper, or give the site more patience.',
  },
  {
    errors: ['ExecutionStopped'],
    verdict: 'INCONCLUSIVE',
    what: 'The drill was stopped before its end',
    next: 'See that the sweeper removed what it made, and drill again.',
    heard: true,
  },
  {
    errors: ['QueryFailed', 'DatabaseError', 'CaptureFailed'],
    verdict: 'INCONCLUSIVE',
    what: 'The checks broke off',
    next: 'Read the log of the query function, and drill again.',
  },
  {
    errors: ['FilesFailed', 'FileError'],
    verdict: 'INCONCLUSIVE',
    what: 'The checks of files broke off',
    next: 'Read the log of the files function, and drill again.',
  },
  {
    errors: ['NotDrillable'],
    verdict: 'INCONCLUSIVE',
    what: 'This resource cannot be drilled as declared',
    next: 'Mend the plan and deploy it again.',
  },
  {
    errors: ['NameTaken', 'DuplicateDrill'],
    verdict: 'INCONCLUSIVE',
    what: 'The drill ran into one that was there before',
    next: 'Look at what holds the name; the sweeper removes what an interrupted drill left behind.',
  },
  {
    errors: ['InvalidDefinition', 'InvalidInput', 'MissingEnvironment'],
    verdict: 'INCONCLUSIVE',
    what: 'The drill was started with what it cannot use',
    next: 'Deploy the site and the plan again.',
  },
  {
    errors: ['States.Timeout', 'Sandbox.Timedout', 'TimeoutError', 'Lambda.ClientExecutionTimeoutException'],
    verdict: 'INCONCLUSIVE',
    what: 'A step of the drill did not end in time',
    next: 'Drill again; if it stays, read the log of the function that ran last.',
  },
  {
    errors: [/^(States|Lambda|Runtime|Sandbox)\./, /^E(CONN|PIPE|HOST|NET|TIMEDOUT|AI_)\w*$/],
    verdict: 'INCONCLUSIVE',
    what: 'The machinery of the drill broke down',
    next: 'Drill again; if it stays, read the log of the function that ran last.',
  },
];

const UNKNOWN: Omit<VerdictRow, 'errors'> = {
  verdict: 'INCONCLUSIVE',
  what: 'The drill ended in an error it does not know',
  next: 'Read the log of the function that ran last, and drill again.',
};

export interface JudgedFailure {
  readonly verdict: VerdictRow['verdict'];
  readonly reason: string;
}

/**
 * The verdict and the sentence of an error that ended a drill.
 * @param stage What the drill was doing, as its states are called.
 */
export function judgeFailure(failure: StateFailure, stage: string): JudgedFailure {
  const cause = causeOf(failure);
  const name = [failure.Error, cause.type].find((candidate) => rowOf(candidate) !== undefined) ?? failure.Error;
  const row = rowOf(name) ?? UNKNOWN;
  const said = oneLine(cause.message) || 'no cause was given';
  const reason = `${row.what}: ${said.replace(/\.$/, '')} (${oneLine(String(name), 80)}${row.heard ? '' : ` in ${stage}`}). ${row.next}`;
  return { verdict: row.verdict, reason };
}

function rowOf(name: unknown): VerdictRow | undefined {
  if (typeof name !== 'string') return undefined;
  return VERDICTS.find((row) =>
    row.errors.some((error) => (typeof error === 'string' ? error === name : error.test(name))),
  );
}

/** Lambda's cause is JSON with the error's type and message; everything else is taken as the message itself. */
export function causeOf(failure: StateFailure): { type?: string; message: string } {
  const text = typeof failure.Cause === 'string' ? failure.Cause : '';
  try {
    const parsed = JSON.parse(text) as { errorType?: unknown; errorMessage?: unknown } | null;
    if (parsed && typeof parsed === 'object' && ('errorMessage' in parsed || 'errorType' in parsed)) {
      const { errorType, errorMessage } = parsed;
      return {
        ...(typeof errorType === 'string' && { type: errorType }),
        message: typeof errorMessage === 'string' ? errorMessage : '',
      };
    }
  } catch {
    // plain text
  }
  return { message: text };
}
