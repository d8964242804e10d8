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

/** Few, so that whoever lists has to page. */
const PAGE = 2;

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
        operation<sdk.ListSchedulesInput, sdk.ListSchedulesOutput>(
          sdk.ListSchedules$,
          ['GroupName', 'NextToken'],
          () => [{ action: 'scheduler:ListSchedules', resource: '*' }],
          (input) => this.listSchedules(input),
        ),
        operation<sdk.ListScheduleGroupsInput, sdk.ListScheduleGroupsOutput>(
          sdk.ListScheduleGroups$,
          ['NamePrefix', 'NextToken'],
          () => [{ action: 'scheduler:ListScheduleGroups', resource: '*' }],
          (input) => this.listScheduleGroups(input),
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

  private listSchedules({ GroupName, NextToken }: sdk.ListSchedulesInput): sdk.ListSchedulesOutput {
    const group = GroupName ?? 'default';
    const own = this.options.schedules.filter((one) => (one.group ?? 'default') === group);
    if (own.length === 0) {
      throw modelled(sdk.ResourceNotFoundException$, `Schedule group ${group} does not exist.`);
    }
    const { items, token } = page(own, NextToken);
    const Schedules = items.map(({ name, state, target }) => ({
      Arn: `${this.arn('schedule')}${group}/${name}`,
      GroupName: group,
      Name: name,
      State: state ?? ('ENABLED' as const),
      Target: { Arn: target.arn },
    }));
    return { Schedules, ...(token && { NextToken: token }) };
  }

  private listScheduleGroups({ NamePrefix, NextToken }: sdk.ListScheduleGroupsInput): sdk.ListScheduleGroupsOutput {
    const names = [...new Set(['default', ...this.options.schedules.map(({ group }) => group ?? 'default')])].sort();
    const { items, token } = page(
      names.filter((name) => name.startsWith(NamePrefix ?? '')),
      NextToken,
    );
    const ScheduleGroups = items.map((Name) => ({
      Arn: `${this.arn('schedule-group')}${Name}`,
      Name,
      State: 'ACTIVE' as const,
    }));
    return { ScheduleGroups, ...(token && { NextToken: token }) };
  }

  private arn(kind: string): string {
    return `arn:aws:scheduler:${this.options.region}:${this.options.account}:${kind}/`;
  }
}

function page<T>(
  all: readonly T[],
  token: string | undefined,
): { readonly items: readonly T[]; readonly token?: string } {
  const start = token === undefined ? 0 : Number(/^at-(\d+)$/.exec(token)?.[1]);
  if (Number.isNaN(start)) throw modelled(sdk.ValidationException$, `Invalid token: '${token}'`);
  const end = start + PAGE;
  return { items: all.slice(start, end), ...(end < all.length && { token: `at-${end}` }) };
}
