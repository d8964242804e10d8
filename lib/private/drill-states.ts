import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  JsonPath,
  Succeed,
  TaskInput,
  Timeout,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, type LambdaInvokeProps } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { SiteFunction } from '../site/site-function';
import type { SiteFunctions } from '../site/site-functions';
import { OfFiles } from './of-files';

/** What may go wrong with Lambda itself. A function in a network sleeps after 14 idle days and is then not ready at first. */
const LAMBDA_TROUBLE = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.TooManyRequestsException',
  'Lambda.ResourceNotReadyException',
  'Lambda.ENINotReadyException',
];

/** The same of the query function, which the verifier invokes: its errors come by their names alone. */
const QUERY_TROUBLE = [
  'ResourceNotReadyException',
  'ENINotReadyException',
  'TooManyRequestsException',
  'ServiceException',
];

/**
 * The states of a drill. Each task gets the whole state and adds its own short facts; results stay in the state bucket.
 * @param buckets whether buckets are restored from recovery points, asked at the end of synthesis
 */
export function drillStates(scope: Construct, functions: SiteFunctions, buckets: () => boolean): IChainable {
  const record = recordAndAnnounce(scope, functions);
  const tearDown = tearDownStates(scope, functions, record);
  return declareStates(scope, functions, verifyStates(scope, functions, tearDown, buckets));
}

function declareStates(scope: Construct, functions: SiteFunctions, next: IChainable): IChainable {
  const declare = task(scope, 'Declare disaster', functions.declare, {
    comment: 'Reads the drill from its schedule, names everything, takes the lock',
    payload: TaskInput.fromObject({
      input: JsonPath.entirePayload,
      execution: JsonPath.stringAt('$$.Execution.Id'),
      startedAt: JsonPath.stringAt('$$.Execution.StartTime'),
    }),
    resultSelector: { 'drill.$': '$' },
  });
  const notDeclared = new Fail(scope, 'Not declared', {
    error: 'DrillInconclusive',
    cause: 'the drill could not be declared, so nothing was restored; the error is in the history of Declare disaster',
  });
  return declare.addCatch(notDeclared, { errors: ['States.ALL'], resultPath: '$.failure' }).next(next);
}

/** From the recovery source to the last check. Whatever goes wrong on the way, the drill is torn down. */
function verifyStates(
  scope: Construct,
  functions: SiteFunctions,
  tearDown: IChainable,
  buckets: () => boolean,
): IChainable {
  const choose = task(scope, 'Choose recovery source', functions.choose, { resultPath: '$.source' });
  const restore = task(scope, 'Restore', functions.restore, { resultPath: '$.restore' });
  const restoreFiles = task(scope, 'Restore files', functions.restore, { resultPath: '$.restore' });
  const isReady = task(scope, 'Is it ready?', functions.ready, { resultPath: '$.instance' });
  const open = task(scope, 'Open access', functions.access, { resultPath: '$.access' });
  const verify = task(scope, 'Verify', functions.verify, { resultPath: '$.verification' }, QUERY_TROUBLE);
  for (const state of [choose, restore, restoreFiles, isReady, open, verify]) {
    state.addCatch(tearDown, { errors: ['States.ALL'], resultPath: '$.failure' });
  }
  repeat(scope, verify, { until: 'Verified?', flag: '$.verification.done', wait: 'Wait to verify' }, tearDown);
  repeat(scope, open, { until: 'Access open?', flag: '$.access.open', wait: 'Wait for access' }, verify);
  repeat(scope, isReady, { until: 'Ready?', flag: '$.instance.ready', wait: 'Wait' }, open);
  const filesRestored = { until: 'Files restored?', flag: '$.restore.files.done', wait: 'Wait to restore' };
  repeat(scope, restoreFiles, filesRestored, verify);
  choose.next(new Choice(scope, 'Database or files?').when(new OfFiles(buckets), restoreFiles).otherwise(restore));
  restore.next(isReady);
  return choose;
}

function tearDownStates(scope: Construct, functions: SiteFunctions, record: IChainable): IChainable {
  const tearDown = task(scope, 'Tear down', functions.teardown, {
    comment: 'On every path; ends when everything has stayed gone',
    resultPath: '$.teardown',
  });
  persist(tearDown);
  tearDown.addCatch(record, { errors: ['States.ALL'], resultPath: '$.teardownFailure' });
  repeat(scope, tearDown, { until: 'Gone?', flag: '$.teardown.gone', wait: 'Wait until gone' }, record);
  return tearDown;
}

function recordAndAnnounce(scope: Construct, functions: SiteFunctions): IChainable {
  const record = task(scope, 'Record evidence', functions.record, { resultPath: '$.evidence' });
  persist(record);
  record.addCatch(
    new Fail(scope, 'Not recorded', {
      error: 'DrillInconclusive',
      cause: 'the evidence could not be recorded; the error is in the history of Record evidence',
    }),
    { errors: ['States.ALL'], resultPath: '$.failure' },
  );
  const verdict = verdictStates(scope);
  const announce = task(scope, 'Announce', functions.announce, { resultPath: JsonPath.DISCARD });
  persist(announce);
  announce.addCatch(verdict, { errors: ['States.ALL'], resultPath: JsonPath.DISCARD });
  announce.next(verdict);
  return record.next(announce);
}

function verdictStates(scope: Construct): Choice {
  const summary = JsonPath.stringAt('$.evidence.summary');
  return new Choice(scope, 'Verdict')
    .when(Condition.stringEquals('$.evidence.verdict', 'PASSED'), new Succeed(scope, 'Passed'))
    .when(
      Condition.stringEquals('$.evidence.verdict', 'FAILED'),
      new Fail(scope, 'Failed', { error: 'DrillFailed', causePath: summary }),
    )
    .otherwise(new Fail(scope, 'Inconclusive', { error: 'DrillInconclusive', causePath: summary }));
}

/** Ends that trying again does not change. */
const FINAL = ['LeftBehind', 'NotOurs', 'InvalidInput', 'InvalidDefinition', 'MissingEnvironment'];

/**
 * Tries again for twenty minutes, whatever went wrong: nothing in the machine comes after these states to make up for them,
 * and an outage must not leave a copy behind, evidence unwritten or a failed drill untold.
 */
function persist(state: LambdaInvoke): void {
  state.addRetry({ errors: FINAL, maxAttempts: 0 });
  state.addRetry({
    errors: ['States.ALL'],
    interval: Duration.seconds(10),
    backoffRate: 2,
    maxDelay: Duration.minutes(5),
    maxAttempts: 8,
  });
}

interface Repetition {
  /** Name of the question. */
  readonly until: string;
  /** Path of its answer. */
  readonly flag: string;
  /** Name of the wait before the state is entered again. */
  readonly wait: string;
}

/** Enters a state again and again, waiting as long as it says, until its flag is true. */
function repeat(scope: Construct, state: LambdaInvoke, { until, flag, wait }: Repetition, next: IChainable): void {
  const seconds = flag.replace(/[^.]+$/, 'waitSeconds');
  const pause = new Wait(scope, wait, { time: WaitTime.secondsPath(seconds) });
  state.next(new Choice(scope, until).when(Condition.booleanEquals(flag, true), next).otherwise(pause));
  pause.next(state);
}

type TaskOptions = Pick<LambdaInvokeProps, 'comment' | 'payload' | 'resultSelector' | 'resultPath'>;

/** A task on the function's current version, so that a running drill keeps its code. */
function task(
  scope: Construct,
  id: string,
  { lambdaFunction }: SiteFunction,
  options: TaskOptions,
  alsoRetried: string[] = [],
): LambdaInvoke {
  const timeout = lambdaFunction.timeout?.toSeconds() ?? 60;
  const state = new LambdaInvoke(scope, id, {
    ...options,
    lambdaFunction: lambdaFunction.currentVersion,
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
    taskTimeout: Timeout.duration(Duration.seconds(timeout + 30)),
  });
  // Ten minutes in all: 2, 4, 8, ... seconds, two minutes at most.
  state.addRetry({
    errors: [...LAMBDA_TROUBLE, ...alsoRetried],
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxDelay: Duration.minutes(2),
    maxAttempts: 10,
  });
  return state;
}
