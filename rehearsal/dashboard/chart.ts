import { scaleLinear, scaleUtc } from 'd3-scale';
import { area as areaOf, line as lineOf } from 'd3-shape';
import { markup, type Markup } from '../../lambda/evidence/page/markup';
import type { Annotation } from './body';
import type { Line, Point } from './series';

export const COLORS = [
  ...['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#7f7f7f', '#bcbd22', '#17becf'],
  ...['#aec7e8', '#ffbb78', '#98df8a', '#ff9896', '#c5b0d5', '#c49c94', '#f7b6d2', '#c7c7c7', '#dbdb8d', '#9edae5'],
];

export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly from: Date;
  readonly to: Date;
  /** Seconds between two points. */
  readonly period: number;
  readonly lines: readonly Line[];
  readonly annotations: readonly Annotation[];
  readonly unit?: string;
  readonly stacked?: boolean;
  /** Where the axis ends, whatever is drawn. */
  readonly top?: number;
}

const MARGIN = { top: 12, right: 10, bottom: 22, left: 40 };

/** Lines over time, drawn as the console does: a gap where there is no data, a dot where a point stands alone. */
export function chart(drawing: Chart): Markup {
  const { width, height, from, to, annotations, unit } = drawing;
  const lines = drawing.stacked ? stacked(drawing.lines) : drawing.lines;
  const top = Math.max(
    0,
    ...annotations.map(({ value }) => value),
    ...lines.flatMap(({ points }) => points.map(({ value }) => value)),
  );
  const y = scaleLinear(
    [0, (drawing.top ?? top * 1.05) || 1],
    [height - MARGIN.bottom, MARGIN.top + (unit ? 10 : 0)],
  ).nice(4);
  const x = scaleUtc([from, to], [MARGIN.left, width - MARGIN.right]);
  const format = y.tickFormat(4, top >= 1000 ? '~s' : undefined);
  const days = x.ticks(Math.max(2, Math.floor(width / 90)));
  return markup`<svg class="chart" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
${y.ticks(4).map((tick) => markup`<line class="grid" x1="${MARGIN.left}" x2="${width - MARGIN.right}" y1="${round(y(tick))}" y2="${round(y(tick))}"/><text class="tick" text-anchor="end" x="${MARGIN.left - 6}" y="${round(y(tick) + 3.5)}">${format(tick)}</text>`)}
${days.map((day) => markup`<text class="tick" text-anchor="middle" x="${round(x(day))}" y="${height - 6}">${dayOf(day)}</text>`)}
${unit ? markup`<text class="tick" x="4" y="12">${unit}</text>` : null}
${annotations.map((annotation) => limit(annotation, drawing, y))}
${lines.map((line, index) => drawn(line, COLORS[index % COLORS.length], drawing, x, y))}
</svg>`;
}

/** The latest of a line, small: what stands behind a figure. */
export function sparkline(points: readonly Point[], width: number, height: number): Markup {
  const top = Math.max(...points.map(({ value }) => value), 0);
  const x = scaleLinear([0, Math.max(points.length - 1, 1)], [1, width - 1]);
  const y = scaleLinear([0, top || 1], [height - 2, 2]);
  const path = points.map(({ value }, index) => `${round(x(index))},${round(y(value))}`).join(' ');
  return markup`<svg class="sparkline" width="${width}" height="${height}" aria-hidden="true"><polyline points="${path}"/></svg>`;
}

function limit(
  { value, label, color = '#d62728' }: Annotation,
  { width }: Chart,
  y: (value: number) => number,
): Markup {
  const at = round(y(value));
  return markup`<rect x="${MARGIN.left}" y="${MARGIN.top}" width="${width - MARGIN.left - MARGIN.right}" height="${round(Math.max(0, at - MARGIN.top))}" fill="${color}" opacity=".07"/><line x1="${MARGIN.left}" x2="${width - MARGIN.right}" y1="${at}" y2="${at}" stroke="${color}" stroke-width="1.2"/><text class="limit" fill="${color}" x="${MARGIN.left + 5}" y="${at - 5}">${label}</text>`;
}

function drawn(
  { points, color }: Line,
  given: string,
  { period }: Chart,
  x: (time: Date) => number,
  y: (value: number) => number,
): Markup {
  const stroke = color ?? given;
  const apart = (a: Point, b: Point) => b.at.getTime() - a.at.getTime() > period * 1500;
  const runs: Point[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    if (!run || apart(run.at(-1)!, point)) runs.push([point]);
    else run.push(point);
  }
  const at = (point: Point) => x(point.at);
  const path = lineOf<Point>(at, ({ value }) => y(value)).digits(1);
  const filled = areaOf<Point>(
    at,
    ({ base = 0 }) => y(base),
    ({ value }) => y(value),
  ).digits(1);
  const isFilled = points.some(({ base }) => base !== undefined);
  return markup`${runs.map((run) => {
    if (run.length === 1) {
      return markup`<circle cx="${round(at(run[0]))}" cy="${round(y(run[0].value))}" r="3" fill="${stroke}"/>`;
    }
    if (isFilled) return markup`<path d="${filled(run) ?? ''}" fill="${stroke}" fill-opacity=".75"/>`;
    return markup`<path d="${path(run) ?? ''}" fill="none" stroke="${stroke}" stroke-width="1.6" stroke-linejoin="round"/>`;
  })}`;
}

/** Each line stands on those before it. */
function stacked(lines: readonly Line[]): Line[] {
  const sums = new Map<number, number>();
  return lines.map((line) => ({
    ...line,
    points: line.points.map(({ at, value }) => {
      const base = sums.get(at.getTime()) ?? 0;
      sums.set(at.getTime(), base + value);
      return { at, value: base + value, base };
    }),
  }));
}

function dayOf(day: Date): string {
  return day.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
