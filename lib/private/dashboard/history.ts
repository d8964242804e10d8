import { Duration } from 'aws-cdk-lib';
import {
  Color,
  GraphWidget,
  type IMetric,
  type IWidget,
  LegendPosition,
  LogQueryWidget,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { METRICS } from '../metrics';
import type { DashboardMetrics } from './metrics';

const DAY = Duration.days(1);

/** Every drill in the range, however long its interval: a search forgets a metric after two weeks, a log does not. */
export function lastDrills(logs: ILogGroup[]): IWidget {
  return new LogQueryWidget({
    title: 'Last drills',
    width: 24,
    height: 7,
    logGroupNames: logs.map(({ logGroupName }) => logGroupName),
    queryLines: [
      'fields @timestamp, resource, verdict, source, achievedRpoSeconds, achievedRtoSeconds, evidence',
      'filter message = "drill recorded"',
      'sort @timestamp desc',
      // A drill whose recording was retried is one drill.
      'dedup drillId',
      'limit 100',
    ],
  });
}

/** Executions of the machine by how they ended, zeros drawn. */
export function drillResults(machine: IStateMachine): IWidget {
  const options = { period: DAY, statistic: 'Sum' };
  const counted = (id: string, metric: IMetric, label: string, color: string) =>
    new MathExpression({ expression: `FILL(${id}, 0)`, usingMetrics: { [id]: metric }, label, color, period: DAY });
  return new GraphWidget({
    title: 'Drills a day, by result',
    width: 8,
    height: 6,
    stacked: true,
    left: [
      counted('passed', machine.metricSucceeded(options), 'passed', Color.GREEN),
      counted('failed', machine.metricFailed(options), 'failed or inconclusive', Color.RED),
      counted('timedOut', machine.metricTimedOut(options), 'timed out', Color.ORANGE),
      counted('aborted', machine.metricAborted(options), 'stopped', Color.GREY),
    ],
    leftYAxis: { min: 0, showUnits: false },
  });
}

/** What drills measured. */
export function achieved(metrics: DashboardMetrics): IWidget[] {
  return [
    perResource('Achieved RPO: data that a drill lost', 8, metrics.highest(METRICS.achievedRpo, DAY)),
    perResource('Achieved RTO: time until its checks had passed', 8, metrics.highest(METRICS.achievedRto, DAY)),
  ];
}

/** Bytes in use at the source. */
export function sizes(metrics: DashboardMetrics): IWidget {
  return perResource('Bytes in use', 24, metrics.highest(METRICS.usedBytes, DAY));
}

/** Share of backup jobs of the last 30 days that went well. */
export function successRate(metrics: DashboardMetrics): IWidget {
  return perResource(
    'Backup jobs of 30 days that succeeded, lowest first',
    12,
    metrics.lowest(METRICS.backupSuccessRate, DAY),
  );
}

/** No schema: AWS Backup publishes by vault, and by vault and type of resource; whichever there is, is shown. */
export function backupJobs(vaultName: string): IWidget {
  const failed = (metricName: string) =>
    new MathExpression({
      expression: `SEARCH('Namespace="AWS/Backup" MetricName="${metricName}" BackupVaultName="${vaultName}"', 'Sum', ${DAY.toSeconds()})`,
      label: '${LABEL}',
      period: DAY,
      usingMetrics: {},
    });
  return new GraphWidget({
    title: 'Failed backup jobs of the vault, and failed copies into it, a day',
    width: 12,
    height: 6,
    left: ['NumberOfBackupJobsFailed', 'NumberOfCopyJobsFailed'].map(failed),
    leftYAxis: { min: 0, showUnits: false },
    legendPosition: LegendPosition.RIGHT,
  });
}

function perResource(title: string, width: number, metric: MathExpression): IWidget {
  return new GraphWidget({ title, width, height: 6, left: [metric], leftYAxis: { min: 0 } });
}
