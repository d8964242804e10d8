import { markup, type Markup } from './markup';

/** Width of every plot in its own units; the browser stretches it to the column. */
const WIDTH = 1000;
/** Thinnest bar, so that a short span beside a long one is still there to see. */
const THINNEST = 6;
/** An objective further away than this many times what was drawn leaves the picture at an arrow. */
const FARTHEST = 4;

/** One row: a name, something drawn over the common axis, a figure. */
export interface Row {
  readonly name: string;
  readonly value: string;
  readonly bars?: readonly Bar[];
  /** A moment, drawn as a dot. */
  readonly at?: number;
  /** What was promised, drawn as an outline. */
  readonly promise?: readonly [number, number];
}

export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly tone: 'bar1' | 'bar2' | 'bar3' | 'over';
}

/** The axis: seconds at the left and right edge, and where the objective ends. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly objective: number;
}

/** An axis from 0 (the fixed end) to what was measured, with the objective in it unless that would crush the rest. */
export function axisFor(measured: number, objective: number): { length: number; shown: boolean } {
  const shown = measured <= 0 || objective <= measured * FARTHEST;
  const length = Math.max(shown ? Math.max(measured, objective) : measured * 1.25, 0.001);
  return { length: length * 1.02, shown };
}

/** Rows over one axis. Text is text and not drawn, so it stays readable on a phone and in print. */
export function picture(label: string, axis: Axis, rows: readonly Row[]): Markup {
  return markup`<figure role="group" aria-label="${label}"><dl class="picture">${rows.map((row) => drawn(row, axis))}</dl></figure>`;
}

function drawn(row: Row, axis: Axis): Markup {
  const x = (seconds: number) => clamp(((seconds - axis.from) / (axis.to - axis.from)) * WIDTH);
  const bars = (row.bars ?? [])
    .filter((bar) => bar.to > bar.from)
    .map((bar) => barAt(x(bar.from), x(bar.to), bar.tone));
  const mark = axis.objective >= axis.from && axis.objective <= axis.to ? lineAt(x(axis.objective), 'mark') : null;
  const dot =
    row.at === undefined
      ? null
      : markup`<rect class="dot" x="${round(clamp(x(row.at) - 4, WIDTH - 8))}" y="5" width="8" height="14"/>`;
  const promise = row.promise ? promiseAt(x(row.promise[0]), x(row.promise[1])) : null;
  return markup`<dt>${row.name}</dt><dd class="plot"><svg viewBox="0 0 ${WIDTH} 24" preserveAspectRatio="none" aria-hidden="true">${lineAt(0, 'axis')}${lineAt(WIDTH, 'axis')}${mark}${promise}${bars}${dot}</svg></dd><dd class="value">${row.value}</dd>
`;
}

function barAt(from: number, to: number, tone: string): Markup {
  const width = Math.max(to - from, THINNEST);
  return markup`<rect class="${tone}" x="${round(clamp(from, WIDTH - width))}" y="5" width="${round(width)}" height="14"/>`;
}

function promiseAt(from: number, to: number): Markup {
  const width = Math.max(to - from, 1);
  return markup`<rect class="promise" vector-effect="non-scaling-stroke" x="${round(clamp(from, WIDTH - width))}" y="6" width="${round(width)}" height="12"/>`;
}

function lineAt(x: number, tone: string): Markup {
  return markup`<line class="${tone}" vector-effect="non-scaling-stroke" x1="${round(x)}" x2="${round(x)}" y1="0" y2="24"/>`;
}

function clamp(x: number, most = WIDTH): number {
  return Number.isFinite(x) ? Math.min(Math.max(x, 0), most) : 0;
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}
