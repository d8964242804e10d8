import './with-resolvers';
import { StateMachine } from 'aws-local-stepfunctions';
import type { Functions } from '../functions/functions';
import type { RegisteredExecution } from '../aws';

/** Step Functions' limit for a state's input or output, bytes. An execution past it ends, and no Catch hears of it. */
const PAYLOAD_LIMIT = 256 * 1024;
const TOO_LARGE = {
  error: 'States.DataLimitExceeded',
  cause: `a state's data exceeds the limit of ${PAYLOAD_LIMIT} bytes`,
};

/** What the interpreter tells of an execution while it runs. */
export type MachineEvents = ReturnType<StateMachine['run']>['eventLogs'];

export interface MachineOptions {
  readonly arn: string;
  /** The machine of the synthesized template. */
  readonly definition: Record<string, unknown>;
  readonly functions: Functions;
  readonly region: string;
  /** Whether the machine's own role may invoke this function; throws otherwise. */
  readonly authorize: (functionArn: string) => void;
  /** What Step Functions remembers: every execution is added. */
  readonly executions: RegisteredExecution[];
}

export interface RunningExecution {
  readonly execution: RegisteredExecution;
  readonly events: MachineEvents;
  /** Every failure of a function so far, caught or not. */
  readonly failures: readonly string[];
  /** Resolves when the execution has ended, however it ended. */
  readonly ended: Promise<RegisteredExecution>;
  /** As StopExecution: no further state runs. */
  abort(): void;
}

interface Task {
  readonly Type: string;
  readonly Resource: string;
}

/** Runs the synthesized state machine, its tasks on the bundled handlers. */
export class Machine {
  private readonly running = new Set<() => void>();

  constructor(private readonly options: MachineOptions) {}

  start(name: string, input: unknown): RunningExecution {
    const { arn, definition, region, executions } = this.options;
    const execution = begin(arn, name, input);
    executions.push(execution);
    const machine = new StateMachine(definition as never, { awsConfig: { region } });
    const inFlight = new Set<Promise<unknown>>();
    const failures: string[] = [];
    let exceeded = false;
    const exceed = () => {
      exceeded = true;
      run.abort();
    };
    const run = machine.run(input as never, {
      overrides: { taskResourceLocalHandlers: this.handlers(inFlight, failures, exceed) },
      context: {
        Execution: {
          Id: execution.arn,
          Name: name,
          Input: input as never,
          StartTime: execution.startedAt.toISOString(),
          RoleArn: '',
        },
        StateMachine: { Id: arn, Name: arn.split(':').at(-1) ?? '' },
      } as never,
    });
    const ended = run.result
      .then(
        (output) => end(execution, 'SUCCEEDED', { output: JSON.stringify(output) }),
        (error: Error) => end(execution, exceeded ? 'FAILED' : statusOf(error), exceeded ? TOO_LARGE : said(error)),
      )
      // An aborted execution runs no further state, but a function that is running runs on.
      .then(async () => {
        await Promise.allSettled([...inFlight]);
        this.running.delete(run.abort);
        return execution;
      });
    this.running.add(run.abort);
    return { execution, events: run.eventLogs, failures, ended, abort: run.abort };
  }

  /** Aborts every execution that runs. */
  abort(): void {
    for (const abort of this.running) abort();
  }

  private handlers(inFlight: Set<Promise<unknown>>, failures: string[], exceeded: () => void) {
    const states = this.options.definition.States as Record<string, Task>;
    const tasks = Object.entries(states).filter(([, state]) => state.Type === 'Task');
    const invoke = async (resource: string, input: unknown) => {
      this.options.authorize(resource);
      const answer = await this.options.functions.invoke(resource, input);
      if (answer.functionError) {
        const failure = taskFailure(answer.payload);
        failures.push(`${failure.name}: ${failure.message}`);
        throw failure;
      }
      if (Buffer.byteLength(answer.payload) > PAYLOAD_LIMIT) exceeded();
      return JSON.parse(answer.payload) as never;
    };
    return Object.fromEntries(
      tasks.map(([name, { Resource }]) => [
        name,
        (input: unknown) => {
          const running = invoke(Resource, input);
          inFlight.add(running);
          return running.finally(() => inFlight.delete(running));
        },
      ]),
    );
  }
}

function begin(stateMachineArn: string, name: string, input: unknown): RegisteredExecution {
  const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  return { arn, stateMachineArn, name, status: 'RUNNING', startedAt: new Date(), input: JSON.stringify(input) };
}

function end(
  execution: RegisteredExecution,
  status: RegisteredExecution['status'],
  outcome: Pick<RegisteredExecution, 'output' | 'error' | 'cause'>,
): void {
  Object.assign(execution, outcome, { status, stoppedAt: new Date() });
}

/** Step Functions takes the error's name from the function's errorType and hands on its whole answer as the cause. */
function taskFailure(payload: string): Error {
  const { errorType } = JSON.parse(payload) as { errorType?: string };
  const error = new Error(payload);
  error.name = errorType ?? 'Lambda.Unknown';
  return error;
}

function said(error: Error): Pick<RegisteredExecution, 'error' | 'cause'> {
  return { error: error.name, cause: error.message };
}

function statusOf(error: Error): 'FAILED' | 'ABORTED' | 'TIMED_OUT' {
  if (error.name === 'ExecutionAbortedError') return 'ABORTED';
  return error.name === 'ExecutionTimeoutError' ? 'TIMED_OUT' : 'FAILED';
}
