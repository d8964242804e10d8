import { Duration } from 'aws-cdk-lib';
import {
  Color,
  GraphWidget,
  type HorizontalAnnotation,
  type IWidget,
  LegendPosition,
  type MathExpression,
  Shading,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../metrics';
import type { DashboardMetrics } from './metrics';

const HOUR = Duration.hours(1);
/** Ages fall with every backup: only the highest of each day is a line that people can follow. */
const DAY = Duration.days(1);

/** What holds now, in four figures. */
export function numbers(metrics: DashboardMetrics): IWidget[] {
  return [
    number(
      'Worst restorable age (1 = allowed)',
      metrics.over('MAX', METRICS.restorableAgeRatio, 'age / allowed', HOUR),
    ),
    number('Worst drill age (1 = due)', metrics.over('MAX', METRICS.drillAgeRatio, 'age / interval', HOUR)),
    number(
      'Resources measured in the hour',
      metrics.over('DATAPOINT_COUNT', METRICS.restorableAgeRatio, 'resources', HOUR),
    ),
    number('Leftovers of drills', metrics.over('MAX', METRICS.leftovers, 'things', HOUR)),
  ];
}

/** How old the newest state is that could be restored, over what is allowed. */
export function restorable(metrics: DashboardMetrics): IWidget {
  return ratios(
    'Restorable age over what is allowed, highest of each day',
    metrics.highest(METRICS.restorableAgeRatio, DAY),
    'missed',
  );
}

/** How long ago the last passed drill was, over its interval. */
export function proven(metrics: DashboardMetrics): IWidget {
  return ratios(
    'Age of the last passed drill over its interval, highest of each day',
    metrics.highest(METRICS.drillAgeRatio, DAY),
    'not proven',
  );
}

function ratios(title: string, metric: MathExpression, above: string): IWidget {
  const line: HorizontalAnnotation = { value: 1, label: above, color: Color.RED, fill: Shading.ABOVE };
  return new GraphWidget({
    title,
    width: 12,
    height: 7,
    left: [metric],
    leftYAxis: { min: 0, showUnits: false },
    leftAnnotations: [line],
    legendPosition: LegendPosition.RIGHT,
  });
}

function number(title: string, metric: MathExpression): IWidget {
  return new SingleValueWidget({ title, width: 6, height: 3, metrics: [metric], sparkline: true });
}
