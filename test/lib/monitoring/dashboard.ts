import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { flatten } from '../support';

export interface Widget {
  readonly type: 'metric' | 'text' | 'log' | 'alarm';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Properties;
}

/** What widgets of the kinds that there are have of their own. */
export interface Properties {
  readonly title: string;
  readonly region: string;
  readonly markdown: string;
  readonly query: string;
  readonly alarms: readonly string[];
  readonly metrics: readonly unknown[][];
  readonly annotations?: { readonly horizontal: readonly { readonly value: number; readonly fill?: string }[] };
}

export interface Body {
  readonly widgets: readonly Widget[];
  readonly periodOverride?: string;
  readonly start?: string;
}

/** The only dashboard of a stack as CloudWatch gets it, its references by name in angle brackets. */
export function dashboardOf(stack: Stack): { readonly name: string; readonly text: string; readonly body: Body } {
  const [found, ...more] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  expect(more).toEqual([]);
  const text = flatten(found.Properties.DashboardBody);
  return { name: flatten(found.Properties.DashboardName), text, body: JSON.parse(text) };
}

/** Every expression of a metric widget, and the metrics that it names. */
export function expressionsOf({ properties }: Widget): string[] {
  const last = (properties.metrics ?? []).map((metric) => metric.at(-1) as { expression?: string });
  return last.map(({ expression }) => expression).filter((expression) => expression !== undefined);
}
