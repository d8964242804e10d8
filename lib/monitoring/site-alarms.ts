import { Duration } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Alerts } from '../plan/alerts';
import {
  alarmGoesTo,
  alarmIsTold,
  alarmNeverPages,
  alarmTopic,
  alarmWaits,
  alarmWaitsForData,
} from '../private/alerts';
import { METRICS } from '../private/metrics';

/** What the alarms of a site watch. */
export interface SiteAlarmsProps {
  /** The site's name. */
  readonly siteName: string;
  /** The machine of drills. */
  readonly stateMachine: IStateMachine;
  /** The schedules of drills. */
  readonly scheduleGroup: IScheduleGroup;
  /**
   * Who is told.
   * @default - nobody
   */
  readonly alerts?: Alerts;
  /** Makes messages of alarms. */
  readonly notifyFunction: IFunction;
}

/** The alarms that a site has for all its drills and all that it watches. */
export class SiteAlarms extends Construct {
  /** A drill did not pass, or could not start. */
  public readonly drillFailed: Alarm;
  /** Something a drill made outlived it, a snapshot outlived its time, or nobody looks any more. */
  public readonly leftovers: Alarm;

  private readonly props: SiteAlarmsProps;
  private silent?: Alarm;
  private readonly told = new Set<ITopic>();

  constructor(scope: Construct, id: string, props: SiteAlarmsProps) {
    super(scope, id);
    this.props = props;
    this.drillFailed = this.watchDrills(props);
    this.leftovers = this.watchLeftovers(props);
    alarmNeverPages(this.drillFailed, props.alerts ?? {});
    alarmIsTold(this.leftovers, props.notifyFunction);
    alarmWaitsForData(this.leftovers, Duration.hours(1));
  }

  /**
   * The monitor has not run. Made of what Lambda itself publishes and sent as it is: nothing that is ours stands between.
   * @param plan who is told by a plan of the same stack: where the site has nobody to tell, it does
   * @internal
   */
  public _monitorSilent(monitor: IFunction, plan: Alerts): Alarm {
    this.silent ??= this.watchMonitor(monitor);
    const topic = this.props.alerts ? undefined : alarmTopic(plan);
    if (topic && !this.told.has(topic)) {
      this.told.add(topic);
      this.silent.addAlarmAction(new SnsAction(topic));
    }
    return this.silent;
  }

  private watchMonitor(monitor: IFunction): Alarm {
    const { siteName, alerts = {} } = this.props;
    const period = Duration.hours(1);
    const alarm = new Alarm(this, 'MonitorSilent', {
      alarmDescription: [
        `What happened: the monitor of recovery site ${siteName} has not run for two hours.`,
        'What it means: nobody knows how old the newest restorable state of any protected resource is, and the alarms of all of them will follow.',
        'Next step: see whether the schedules of the site are there and enabled, and whether the monitor function may be invoked.',
      ].join(' '),
      // Where nothing runs nothing is published, and CloudWatch looks further back for what was before it counts a gap: filled, two
      // empty hours are two points.
      metric: new MathExpression({
        label: 'Runs of the monitor',
        period,
        expression: 'FILL(runs, 0)',
        usingMetrics: { runs: monitor.metricInvocations({ period }) },
      }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 2,
      treatMissingData: TreatMissingData.BREACHING,
    });
    alarmGoesTo(alarm, alerts);
    // What is filled would end the wait at once.
    alarmWaits(alarm, Duration.hours(2));
    return alarm;
  }

  private watchDrills({ siteName, stateMachine, scheduleGroup }: SiteAlarmsProps): Alarm {
    const period = Duration.minutes(5);
    const sum = { period, statistic: 'Sum' };
    return new Alarm(this, 'DrillFailed', {
      alarmDescription: [
        `What happened: a restore drill of recovery site ${siteName} did not pass, or one of the site's schedules could not start a drill or what watches.`,
        'What it means: recovery of that resource is not shown, or not watched; the objectives may not hold.',
        'Next step: read the newest evidence in the evidence bucket, or the newest execution of the drill state machine; without a failed one, the dropped invocations of the schedule group.',
      ].join(' '),
      metric: new MathExpression({
        label: 'Drills not passed or not started',
        period,
        expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0) + FILL(dropped, 0)',
        usingMetrics: {
          failed: stateMachine.metricFailed(sum),
          timedOut: stateMachine.metricTimedOut(sum),
          aborted: stateMachine.metricAborted(sum),
          dropped: scheduleGroup.metricDropped(sum),
        },
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // A failure that is published late still counts: the newest minutes are always filled with zero first.
      evaluationPeriods: 3,
      datapointsToAlarm: 1,
      // No drill at a moment is the usual case; that one is overdue is the proven alarms' to tell.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  private watchLeftovers({ siteName }: SiteAlarmsProps): Alarm {
    return new Alarm(this, 'Leftovers', {
      alarmDescription: [
        `What happened: something that a restore drill of recovery site ${siteName} made outlived its drill, a snapshot that the site took could not be removed when its time was over, or the sweeper has not run for an hour.`,
        'What it means: copies of production data may still exist, and cost money.',
        'Next step: see the log of the sweep function; it names what it removed and what it could not.',
      ].join(' '),
      metric: new Metric({
        namespace: METRICS.namespace,
        metricName: METRICS.leftovers,
        dimensionsMap: { Site: siteName, Resource: METRICS.siteResource },
        statistic: 'Maximum',
        period: Duration.hours(1),
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // The sweeper publishes 0 where nothing is left: silence means that it does not run.
      treatMissingData: TreatMissingData.BREACHING,
    });
  }
}
