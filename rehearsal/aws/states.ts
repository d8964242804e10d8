import { randomUUID } from 'node:crypto';
import * as sdk from '@aws-sdk/client-sfn';
import { jsonProtocol } from './protocol/json';
import { AwsError, modelled } from './protocol/types';
import { notRehearsed, operation, type Operation, type Place, type Service } from './service';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** An execution as its runner keeps it; statuses change while it runs. */
export interface RegisteredExecution {
  readonly arn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  status: ExecutionStatus;
  readonly startedAt: Date;
  stoppedAt?: Date;
  readonly input?: string;
  output?: string;
  error?: string;
  cause?: string;
}

export interface StatesOptions extends Place {
  readonly stateMachines: readonly string[];
  /** Runs an execution that somebody asks for and registers it; absent: nobody may ask. */
  readonly start?: (stateMachineArn: string, name: string, input: string) => RegisteredExecution;
}

/** Step Functions as a registry that whoever runs the machine fills. */
export class RehearsedStates {
  /** Newest last. */
  readonly executions: RegisteredExecution[] = [];

  constructor(private readonly options: StatesOptions) {}

  service(): Service {
    return {
      signingName: 'states',
      protocol: jsonProtocol('1.0', 'com.amazonaws.sfn', 'AWSStepFunctions'),
      operations: [this.describeExecution(), this.listExecutions(), this.startExecution()],
      denied: (message) => new AwsError('AccessDeniedException', 400, message),
      throttled: () => new AwsError('ThrottlingException', 400, 'Rate exceeded'),
    };
  }

  private describeExecution(): Operation {
    return operation<sdk.DescribeExecutionInput, sdk.DescribeExecutionOutput>(
      sdk.DescribeExecution$,
      ['executionArn'],
      (input) => [{ action: 'states:DescribeExecution', resource: input.executionArn ?? '' }],
      (input) => {
        const arn = input.executionArn ?? '';
        if (!/^arn:aws:states:[^:]+:\d{12}:execution:[^:]+:[^:]+$/.test(arn)) {
          throw modelled(sdk.InvalidArn$, `Invalid Arn: '${arn}'`);
        }
        const found = this.executions.find((one) => one.arn === arn);
        if (!found) {
          throw modelled(sdk.ExecutionDoesNotExist$, `Execution Does Not Exist: '${arn}'`);
        }
        const { input: given, output, error, cause } = found;
        const optional = {
          ...(given && { input: given }),
          ...(output && { output }),
          ...(error && { error }),
          ...(cause && { cause }),
        };
        return { ...listed(found), ...optional };
      },
    );
  }

  private listExecutions(): Operation {
    return operation<sdk.ListExecutionsInput, sdk.ListExecutionsOutput>(
      sdk.ListExecutions$,
      ['stateMachineArn', 'statusFilter', 'maxResults', 'nextToken'],
      (input) => [{ action: 'states:ListExecutions', resource: input.stateMachineArn ?? '' }],
      (input) => this.list(input),
    );
  }

  private startExecution(): Operation {
    return operation<sdk.StartExecutionInput, sdk.StartExecutionOutput>(
      sdk.StartExecution$,
      ['stateMachineArn', 'input'],
      (input) => [{ action: 'states:StartExecution', resource: input.stateMachineArn ?? '' }],
      ({ stateMachineArn: machine = '', input = '{}' }) => {
        const { start, stateMachines } = this.options;
        if (!start) throw notRehearsed('StartExecution is not rehearsed where no machine is run on request');
        if (!stateMachines.includes(machine)) {
          throw modelled(sdk.StateMachineDoesNotExist$, `State Machine Does Not Exist: '${machine}'`);
        }
        const { arn, startedAt } = start(machine, randomUUID(), input);
        return { executionArn: arn, startDate: startedAt };
      },
    );
  }

  private list(input: sdk.ListExecutionsInput): sdk.ListExecutionsOutput {
    const machine = input.stateMachineArn ?? '';
    if (!this.options.stateMachines.includes(machine)) {
      throw modelled(sdk.StateMachineDoesNotExist$, `State Machine Does Not Exist: '${machine}'`);
    }
    // Newest first. 0 asks for the default, as the API has it.
    const wanted = this.executions
      .filter((one) => one.stateMachineArn === machine && (input.statusFilter ?? one.status) === one.status)
      .reverse();
    const start = input.nextToken === undefined ? 0 : Number(/^at-(\d+)$/.exec(input.nextToken)?.[1]);
    if (Number.isNaN(start)) {
      throw modelled(sdk.InvalidToken$, `Invalid Token: '${input.nextToken}'`);
    }
    const end = start + Math.min(input.maxResults || 100, 1000);
    return {
      executions: wanted.slice(start, end).map(listed),
      ...(end < wanted.length && { nextToken: `at-${end}` }),
    };
  }
}

function listed(execution: RegisteredExecution) {
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.stateMachineArn,
    name: execution.name,
    status: execution.status,
    startDate: execution.startedAt,
    ...(execution.stoppedAt && { stopDate: execution.stoppedAt }),
  };
}
