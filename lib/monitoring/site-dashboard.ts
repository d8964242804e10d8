import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  AlarmStatusWidgetSortBy,
  Dashboard,
  type IWidget,
  PeriodOverride,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { achieved, backupJobs, drillResults, lastDrills, sizes, successRate } from '../private/dashboard/history';
import { DashboardMetrics } from '../private/dashboard/metrics';
import { numbers, proven, restorable } from '../private/dashboard/now';
import { howToRead } from '../private/dashboard/text';

/** What the dashboard of a site shows. */
export interface SiteDashboardProps {
  /** The site's name. */
  readonly siteName: string;
  /** What the dashboard is called: unique in the account, since dashboards are of no Region. */
  readonly dashboardName: string;
  /** The machine of drills. */
  readonly stateMachine: IStateMachine;
  /** The logs in which drills are recorded. */
  readonly drillLogs: ILogGroup[];
  /** Where the evidence is. */
  readonly evidenceBucketName: string;
  /** The alarms that the site has for all its resources. */
  readonly alarms: Alarm[];
}

/**
 * What a site promises and what holds, on one page: how old the newest restorable state of each resource is, what the last
 * drills measured, sizes and backup jobs. Resources are found by search, so that it does not grow with them.
 */
export class SiteDashboard extends Construct {
  /** The dashboard; rows may be added below. */
  public readonly dashboard: Dashboard;

  private readonly metrics: DashboardMetrics;
  /** The widget reads it at synthesis: some alarms come with the first plan. */
  private readonly alarms: Alarm[];

  constructor(scope: Construct, id: string, props: SiteDashboardProps) {
    super(scope, id);
    this.alarms = [...props.alarms];
    this.metrics = new DashboardMetrics(props.siteName);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: props.dashboardName,
      defaultInterval: Duration.days(14),
      // A daily figure at a period of minutes would be a point here and there.
      periodOverride: PeriodOverride.INHERIT,
      widgets: this.rows(props),
    });
  }

  /**
   * An alarm that the site comes to have later.
   * @internal
   */
  public _watchAlarm(alarm: Alarm): void {
    if (!this.alarms.includes(alarm)) this.alarms.push(alarm);
  }

  /**
   * Jobs of AWS Backup, once the site has a vault.
   * @internal
   */
  public _watchBackups(vaultName: string): void {
    this.dashboard.addWidgets(successRate(this.metrics), backupJobs(vaultName));
  }

  private rows(props: SiteDashboardProps): IWidget[][] {
    return [
      [
        new TextWidget({ width: 15, height: 5, markdown: howToRead(props.siteName, props.evidenceBucketName) }),
        new AlarmStatusWidget({
          title: 'Alarms of the site',
          width: 9,
          height: 5,
          alarms: this.alarms,
          sortBy: AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP,
        }),
      ],
      numbers(this.metrics),
      [restorable(this.metrics), proven(this.metrics)],
      [lastDrills(props.drillLogs)],
      achieved(this.metrics),
      [drillResults(props.stateMachine), sizes(this.metrics)],
    ];
  }
}
