import * as sdk from '@aws-sdk/client-cloudwatch';
import { jsonProtocol } from '../protocol/json';
import { AwsError, modelled } from '../protocol/types';
import { operation, type Operation, type Place, type Service } from '../service';
import { actionsOf, type Action } from './actions';
import type { Alarm } from './alarm';
import { Alarms } from './alarms';
import { describeAlarm } from './describe';
import { ingestLog } from './embedded';
import { functionInvoked } from './lambda-metrics';
import { getMetricData } from './metric-data';
import { MetricStore } from './store';
import type { Transition } from './transition';

export interface CloudWatchOptions extends Place {
  readonly clock?: () => Date;
  /** Carries out what a change of state sets off. Default: nothing is. */
  readonly act?: (action: Action, transition: Transition) => Promise<void>;
}

/** How far back a metric must have had data to be listed. */
const LISTED_MILLISECONDS = 14 * 86_400_000;

/** CloudWatch: metrics as functions print them, and alarms that watch them. Its time passes when it is told so. */
export class RehearsedCloudWatch {
  readonly metrics = new MetricStore();
  private readonly alarms = new Alarms(this.metrics);
  private readonly clock: () => Date;

  constructor(private readonly options: CloudWatchOptions) {
    this.clock = options.clock ?? (() => new Date());
  }

  /** Every change of state, oldest first. */
  get history(): readonly Transition[] {
    return this.alarms.history;
  }

  create(alarms: readonly Alarm[], at = this.clock()): void {
    this.alarms.create(alarms, at);
  }

  delete(alarmName: string): void {
    this.alarms.delete(alarmName);
  }

  stateOf(alarmName: string): sdk.StateValue | undefined {
    return this.alarms.find(alarmName)?.state.value;
  }

  /** Reads the metrics in what a function printed. */
  ingest(log: string, now = this.clock()): void {
    ingestLog(this.metrics, log, now);
  }

  /** Notes that a function ran, which is what Lambda publishes itself. */
  invoked(functionName: string, failed: boolean, at = this.clock()): void {
    functionInvoked(this.metrics, functionName, failed, at);
  }

  /** Evaluates all alarms up to a moment and carries out their actions, in the order of time. */
  async advance(to = this.clock()): Promise<readonly Transition[]> {
    const changed = this.alarms.advance(to);
    for (const transition of changed) await this.act(transition);
    return changed;
  }

  service(): Service {
    return {
      signingName: 'monitoring',
      protocol: jsonProtocol('1.0', 'com.amazonaws.cloudwatch', 'GraniteServiceVersion20100801'),
      operations: [this.describeAlarms(), this.setAlarmState(), this.listMetrics(), this.getMetricData()],
      denied: (message) => new AwsError('AccessDenied', 403, message),
      throttled: () => new AwsError('Throttling', 400, 'Rate exceeded'),
    };
  }

  private async act(transition: Transition): Promise<void> {
    for (const action of actionsOf(transition, this.options)) await this.options.act?.(action, transition);
  }

  private describeAlarms(): Operation {
    return operation<sdk.DescribeAlarmsInput, sdk.DescribeAlarmsOutput>(
      sdk.DescribeAlarms$,
      ['AlarmNames', 'AlarmNamePrefix', 'AlarmTypes', 'StateValue', 'ActionPrefix', 'MaxRecords', 'NextToken'],
      () => [{ action: 'cloudwatch:DescribeAlarms', resource: this.arn('*') }],
      (input) => {
        const { AlarmNames: names, AlarmNamePrefix: prefix, AlarmTypes: types, ActionPrefix } = input;
        if (names && prefix !== undefined) throw invalid('AlarmNames and AlarmNamePrefix exclude each other.');
        // Unasked, metric alarms alone are shown: the others are not rehearsed, so there are none.
        if (types && !types.includes('MetricAlarm')) return { MetricAlarms: [], CompositeAlarms: [] };
        const found = this.alarms.all
          .filter(({ alarm: { name } }) => (names ? names.includes(name) : name.startsWith(prefix ?? '')))
          .filter(({ state }) => state.value === (input.StateValue ?? state.value))
          .filter(({ alarm }) => ActionPrefix === undefined || acts(alarm, ActionPrefix))
          .sort((a, b) => (a.alarm.name < b.alarm.name ? -1 : 1));
        const { items, NextToken } = page(found, input.NextToken, input.MaxRecords ?? 50);
        const shown = items.map(({ alarm, state, createdAt }) => describeAlarm(alarm, state, createdAt));
        return { MetricAlarms: shown, CompositeAlarms: [], ...(NextToken && { NextToken }) };
      },
    );
  }

  private setAlarmState(): Operation {
    return operation<sdk.SetAlarmStateInput, object>(
      sdk.SetAlarmState$,
      ['AlarmName', 'StateValue', 'StateReason', 'StateReasonData'],
      ({ AlarmName }) => [{ action: 'cloudwatch:SetAlarmState', resource: this.arn(AlarmName ?? '') }],
      async ({ AlarmName: name = '', StateValue, StateReason = '', StateReasonData }) => {
        if (!this.alarms.find(name)) throw modelled(sdk.ResourceNotFound$, `Unknown alarm ${name}`);
        for (const transition of this.alarms.set(name, StateValue!, StateReason, StateReasonData, this.clock())) {
          await this.act(transition);
        }
        return {};
      },
    );
  }

  private listMetrics(): Operation {
    return operation<sdk.ListMetricsInput, sdk.ListMetricsOutput>(
      sdk.ListMetrics$,
      ['Namespace', 'MetricName', 'Dimensions', 'NextToken', 'RecentlyActive'],
      () => [{ action: 'cloudwatch:ListMetrics', resource: '*' }],
      (input) => {
        const age = input.RecentlyActive === 'PT3H' ? 3 * 3_600_000 : LISTED_MILLISECONDS;
        const wanted = input.Dimensions ?? [];
        const found = this.metrics
          .metricsSince(new Date(this.clock().getTime() - age))
          .filter(({ namespace }) => namespace === (input.Namespace ?? namespace))
          .filter(({ name }) => name === (input.MetricName ?? name))
          .filter(({ dimensions }) =>
            wanted.every(
              ({ Name = '', Value }) => Name in dimensions && dimensions[Name] === (Value ?? dimensions[Name]),
            ),
          );
        const { items, NextToken } = page(found, input.NextToken, 500);
        const Metrics = items.map(({ namespace, name, dimensions }) => ({
          Namespace: namespace,
          MetricName: name,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        }));
        return { Metrics, ...(NextToken && { NextToken }) };
      },
    );
  }

  private getMetricData(): Operation {
    return operation<sdk.GetMetricDataInput, sdk.GetMetricDataOutput>(
      sdk.GetMetricData$,
      ['MetricDataQueries', 'StartTime', 'EndTime', 'NextToken', 'ScanBy', 'MaxDatapoints'],
      () => [{ action: 'cloudwatch:GetMetricData', resource: '*' }],
      (input) => getMetricData(this.metrics, input, this.clock()),
    );
  }

  private arn(alarm: string): string {
    return `arn:aws:cloudwatch:${this.options.region}:${this.options.account}:alarm:${alarm}`;
  }
}

function acts({ alarmActions, okActions, insufficientDataActions }: Alarm, prefix: string): boolean {
  return [...alarmActions, ...okActions, ...insufficientDataActions].some((arn) => arn.startsWith(prefix));
}

function page<T>(all: readonly T[], token: string | undefined, size: number) {
  if (!(size >= 1 && size <= 500)) throw invalid(`MaxRecords must be 1 to 100, got ${size}.`);
  const start = token === undefined ? 0 : Number(/^at-(\d+)$/.exec(token)?.[1]);
  if (Number.isNaN(start)) throw modelled(sdk.InvalidNextToken$, `Invalid token: ${token}`);
  const end = start + size;
  return { items: all.slice(start, end), NextToken: end < all.length ? `at-${end}` : undefined };
}

function invalid(message: string): AwsError {
  return modelled(sdk.ValidationException$, message);
}
