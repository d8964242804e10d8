/** What the console gets of a dashboard, as far as the library's uses it. */
export interface DashboardBody {
  readonly start: string;
  readonly widgets: readonly Widget[];
}

export interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: WidgetProperties;
}

export interface WidgetProperties {
  readonly title?: string;
  readonly view?: string;
  readonly markdown?: string;
  readonly query?: string;
  readonly alarms?: readonly string[];
  readonly metrics?: readonly MetricEntry[];
  readonly stacked?: boolean;
  readonly sparkline?: boolean;
  readonly yAxis?: { readonly left?: { readonly min?: number; readonly max?: number; readonly label?: string } };
  readonly annotations?: { readonly horizontal?: readonly Annotation[] };
  readonly legend?: { readonly position?: string };
}

/** Namespace, name, dimensions by turns, and how it is drawn; or only the last, for an expression. */
export type MetricEntry = readonly (string | Rendering)[];

export interface Rendering {
  readonly id?: string;
  readonly expression?: string;
  readonly label?: string;
  readonly color?: string;
  readonly period?: number;
  readonly stat?: string;
  readonly visible?: boolean;
}

export interface Annotation {
  readonly value: number;
  readonly label?: string;
  readonly color?: string;
}

/** The moment that the range begins at which the console opens a dashboard with: so many days back. */
export function rangeOf({ start }: DashboardBody, now: Date): readonly [Date, Date] {
  const days = /^-P(\d+)D$/.exec(start);
  if (!days) throw new Error(`a dashboard from ${start} on is not rehearsed`);
  return [new Date(now.getTime() - Number(days[1]) * 86_400_000), now];
}
