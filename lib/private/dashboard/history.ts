import { Duration } from 'aws-cdk-lib';
import {
  Color,
  GraphWidget,
  type IMetric,
  type IWidget,
  LegendPosition,
  LogQueryWidget,
  MathExpression,
  type YAxisProps,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { METRICS } from '../metrics';
import type { DashboardMetrics } from './metrics';

const DAY = Duration.days(1);
const MINUTE = 60;
const GIB = 2 ** 30;
const HALF = { width: 12, height: 6, legendPosition: LegendPosition.RIGHT };

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
    ...HALF,
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
    perResource(
      'Achieved RPO: data that a drill lost',
      { label: 'minutes' },
      metrics.highest(METRICS.achievedRpo, DAY, MINUTE),
    ),
    perResource(
      'Achieved RTO: until its checks passed',
      { label: 'minutes' },
      metrics.highest(METRICS.achievedRto, DAY, MINUTE),
    ),
  ];
}

/** Bytes in use at the source. */
export function sizes(metrics: DashboardMetrics): IWidget {
  return perResource('Storage in use at the source', { label: 'GiB' }, metrics.highest(METRICS.usedBytes, DAY, GIB));
}

/** Share of backup jobs of the last 30 days that went well. */
export function successRate(metrics: DashboardMetrics): IWidget {
  const title = 'Backup jobs of the last 30 days that succeeded, lowest first';
  return perResource(title, { label: '%', max: 100 }, metrics.lowest(METRICS.backupSuccessRate, DAY));
}

/** No schema: AWS Backup publishes by vault, and by vault and type of resource; whichever there is, is shown. */
export function backupJobs(vaultName: string): IWidget {
  const failed = (id: string, metricName: string, label: string) => {
    const where = `Namespace="AWS/Backup" MetricName="${metricName}" BackupVaultName="${vaultName}"`;
    const found = new MathExpression({
      expression: `SEARCH('${where}', 'Sum', ${DAY.toSeconds()})`,
      usingMetrics: {},
      period: DAY,
      label,
    });
    // Nothing is published where nothing fails.
    return new MathExpression({ expression: `FILL(${id}, 0)`, usingMetrics: { [id]: found }, period: DAY, label: '' });
  };
  return new GraphWidget({
    ...HALF,
    title: 'Failed backups of the vault and failed copies into it, a day',
    left: [
      failed('backups', 'NumberOfBackupJobsFailed', 'failed backups'),
      failed('copies', 'NumberOfCopyJobsFailed', 'failed copies'),
    ],
    leftYAxis: { min: 0, showUnits: false },
  });
}

function perResource(title: string, axis: YAxisProps, metric: MathExpression): IWidget {
  return new GraphWidget({ ...HALF, title, left: [metric], leftYAxis: { min: 0, showUnits: false, ...axis } });
}
