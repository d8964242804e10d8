import type { ComparisonOperator, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Deployment } from '../../template/deployment';
import type { MissingData, Rule } from './evaluate';
import { computationOf, plain, type Computation } from './expression';
import type { MetricId, Statistic } from './store';

/** One metric that an alarm looks at. */
export interface Watched {
  readonly id: string;
  readonly metric: MetricId;
  readonly statistic: Statistic;
  readonly unit?: string;
}

/** A metric alarm as CloudWatch keeps it. */
export interface Alarm extends Rule {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly watched: readonly Watched[];
  /** What is compared. */
  readonly computation: Computation;
  /** Of an alarm on an expression. */
  readonly expression?: { readonly id: string; readonly text: string; readonly label?: string };
  readonly periodSeconds: number;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  readonly actionsEnabled: boolean;
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
  readonly warmUp?: { readonly minutes: number; readonly whole: boolean };
}

interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}

/** Properties of AWS::CloudWatch::Alarm that are rehearsed. */
interface Properties extends Partial<Metric> {
  readonly AlarmName?: string;
  readonly AlarmDescription?: string;
  readonly Statistic?: Statistic;
  readonly Unit?: string;
  readonly Period?: number;
  readonly Metrics?: readonly MetricDataQuery[];
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: ComparisonOperator;
  readonly TreatMissingData?: MissingData;
  readonly ActionsEnabled?: boolean;
  readonly AlarmActions?: readonly string[];
  readonly OKActions?: readonly string[];
  readonly InsufficientDataActions?: readonly string[];
  readonly WarmUpConfiguration?: {
    readonly WarmUpPeriodDurationInMinutes: number;
    readonly OnlyStartEvaluatingAfterWarmUpPeriodEnds?: boolean;
  };
  readonly Tags?: unknown;
}

const KNOWN = [
  'AlarmName',
  'AlarmDescription',
  'Namespace',
  'MetricName',
  'Dimensions',
  'Statistic',
  'Unit',
  'Period',
  'Metrics',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'Threshold',
  'ComparisonOperator',
  'TreatMissingData',
  'ActionsEnabled',
  'AlarmActions',
  'OKActions',
  'InsufficientDataActions',
  'WarmUpConfiguration',
  'Tags',
];

const STATISTICS: readonly string[] = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'];

/** Seconds of a day and of a week: how far an alarm sees, by its period. */
const DAY = 86_400;

/** The alarms of a template; whatever an alarm says that is not rehearsed is refused. */
export function alarmsOf(deployment: Deployment): Alarm[] {
  return deployment.all('AWS::CloudWatch::Alarm').map(({ name, arn, properties }) => alarmOf(name, arn, properties));
}

export function alarmOf(name: string, arn: string, given: object): Alarm {
  const properties = given as Properties;
  const refuse = (what: string): never => {
    throw new Error(`alarm ${name}: ${what}`);
  };
  const unknown = Object.keys(properties).find((key) => !KNOWN.includes(key));
  if (unknown) refuse(`${unknown} is not rehearsed`);
  const { EvaluationPeriods: evaluationPeriods, WarmUpConfiguration: warmUp } = properties;
  const looked = properties.Metrics ? ofQueries(properties.Metrics, refuse) : ofMetric(properties, refuse);
  const seen = looked.periodSeconds * evaluationPeriods;
  if (seen > (looked.periodSeconds >= 3600 ? 7 * DAY : DAY)) refuse(`${seen} seconds are more than an alarm sees`);
  return {
    name,
    arn,
    ...(properties.AlarmDescription !== undefined && { description: properties.AlarmDescription }),
    ...looked,
    evaluationPeriods,
    datapointsToAlarm: properties.DatapointsToAlarm ?? evaluationPeriods,
    missingData: properties.TreatMissingData ?? 'missing',
    threshold: properties.Threshold,
    comparison: properties.ComparisonOperator,
    actionsEnabled: properties.ActionsEnabled ?? true,
    alarmActions: properties.AlarmActions ?? [],
    okActions: properties.OKActions ?? [],
    insufficientDataActions: properties.InsufficientDataActions ?? [],
    ...(warmUp && {
      warmUp: {
        minutes: warmUp.WarmUpPeriodDurationInMinutes,
        whole: warmUp.OnlyStartEvaluatingAfterWarmUpPeriodEnds ?? false,
      },
    }),
  };
}

type Looked = Pick<Alarm, 'watched' | 'computation' | 'expression' | 'periodSeconds'>;

type Refuse = (what: string) => never;

function ofMetric(properties: Properties, refuse: Refuse): Looked {
  return {
    watched: [watchedOf('m1', properties as Metric, properties.Statistic, properties.Unit, refuse)],
    computation: plain('m1'),
    periodSeconds: periodOf(properties.Period, refuse),
  };
}

function ofQueries(queries: readonly MetricDataQuery[], refuse: Refuse): Looked {
  const returned = queries.filter(({ ReturnData }) => ReturnData !== false);
  if (returned.length !== 1) refuse(`${returned.length} queries return data, an alarm compares one`);
  const [{ Id: id = '', Expression, Label, Period }] = returned;
  const metrics = queries.filter(({ MetricStat }) => MetricStat);
  const watched = metrics.map(({ Id, MetricStat }) =>
    watchedOf(Id ?? '', MetricStat?.Metric as Metric, MetricStat?.Stat as Statistic, MetricStat?.Unit, refuse),
  );
  const periods = new Set([...metrics.map(({ MetricStat }) => MetricStat?.Period), ...(Period ? [Period] : [])]);
  if (periods.size !== 1) refuse('metrics of different periods are not rehearsed');
  const periodSeconds = periodOf([...periods][0], refuse);
  if (Expression === undefined) return { watched, computation: plain(id), periodSeconds };
  const computation = computationOf(Expression) ?? refuse(`the expression ${Expression} is not rehearsed`);
  const nobody = computation.ids.find((each) => !watched.some((one) => one.id === each));
  if (nobody) refuse(`${nobody} in ${Expression} is no metric of it`);
  return { watched, computation, expression: { id, text: Expression, ...(Label && { label: Label }) }, periodSeconds };
}

function watchedOf(id: string, metric: Metric, stat: string | undefined, unit: string | undefined, refuse: Refuse) {
  if (!metric?.Namespace || !metric.MetricName) refuse('it names no metric');
  if (!STATISTICS.includes(stat ?? '')) refuse(`the statistic ${stat} is not rehearsed`);
  const dimensions = Object.fromEntries((metric.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
  return {
    id,
    metric: { namespace: metric.Namespace, name: metric.MetricName, dimensions },
    statistic: stat as Statistic,
    ...(unit !== undefined && { unit }),
  };
}

function periodOf(seconds: number | undefined, refuse: Refuse): number {
  if (!seconds || seconds % 60 !== 0) refuse(`a period of ${seconds} seconds is not rehearsed`);
  return seconds!;
}
