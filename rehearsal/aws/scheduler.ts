import * as sdk from '@aws-sdk/client-scheduler';
import { restJsonProtocol } from './protocol/rest-json';
import { AwsError, modelled } from './protocol/types';
import { operation, type Place, type Service } from './service';

/** A schedule as EventBridge Scheduler shows it. */
export interface RegisteredSchedule {
  readonly name: string;
  /** Default `default`. */
  readonly group?: string;
  readonly expression: string;
  readonly timeZone?: string;
  /** Default `ENABLED`. */
  readonly state?: 'ENABLED' | 'DISABLED';
  readonly target: { readonly arn: string; readonly roleArn: string; readonly input?: string };
}

/** EventBridge Scheduler as a registry: it shows schedules and starts nothing. */
export class RehearsedScheduler {
  constructor(private readonly options: Place & { readonly schedules: readonly RegisteredSchedule[] }) {}

  service(): Service {
    const { region, account } = this.options;
    return {
      signingName: 'scheduler',
      protocol: restJsonProtocol('com.amazonaws.scheduler'),
      operations: [
        operation<sdk.GetScheduleInput, sdk.GetScheduleOutput>(
          sdk.GetSchedule$,
          ['Name', 'GroupName'],
          (input) => {
            const name = `${input.GroupName ?? 'default'}/${input.Name ?? ''}`;
            return [
              { action: 'scheduler:GetSchedule', resource: `arn:aws:scheduler:${region}:${account}:schedule/${name}` },
            ];
          },
          (input) => this.getSchedule(input),
        ),
      ],
      denied: (message) => new AwsError('AccessDeniedException', 403, message),
      throttled: () => modelled(sdk.ThrottlingException$, 'Rate exceeded'),
    };
  }

  private getSchedule(input: sdk.GetScheduleInput): sdk.GetScheduleOutput {
    const group = input.GroupName ?? 'default';
    const found = this.options.schedules.find((one) => one.name === input.Name && (one.group ?? 'default') === group);
    if (!found) {
      throw modelled(sdk.ResourceNotFoundException$, `Schedule ${input.Name} does not exist.`);
    }
    const { region, account } = this.options;
    return {
      Arn: `arn:aws:scheduler:${region}:${account}:schedule/${group}/${found.name}`,
      GroupName: group,
      Name: found.name,
      ScheduleExpression: found.expression,
      ScheduleExpressionTimezone: found.timeZone ?? 'UTC',
      State: found.state ?? 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: found.target.arn,
        RoleArn: found.target.roleArn,
        ...(found.target.input !== undefined && { Input: found.target.input }),
      },
    };
  }
}
