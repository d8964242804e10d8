import { markup, type Markup } from '../../lambda/evidence/page/markup';
import type { MetricStore } from '../aws/cloudwatch/store';
import type { Rendering, WidgetProperties } from './body';
import { chart, COLORS, sparkline } from './chart';
import { answer, type LogLine } from './query';
import { Evaluation, type Line } from './series';

/** The markdown that the dashboard uses: a heading, items, bold, code and links. */
export function text(markdown: string): Markup {
  const [heading, ...items] = markdown.split('\n');
  return markup`<h1>${inline(heading.replace(/^## /, ''))}</h1><ul>${items.map((item) => markup`<li>${inline(item.replace(/^- /, ''))}</li>`)}</ul>`;
}

function inline(block: string): Markup[] {
  return [...block.matchAll(/\*\*([^*]+)\*\*|`([^`]+)`|\[([^\]]+)\]\((https:[^)]+)\)|([^*`[]+|[*`[])/g)].map(
    ([, bold, code, link, url, plain]) => {
      if (bold !== undefined) return markup`<strong>${bold}</strong>`;
      if (code !== undefined) return markup`<code>${code}</code>`;
      return link === undefined ? markup`${plain}` : markup`<a href="${url}">${link}</a>`;
    },
  );
}

/** Those in alarm first, as the console sorts them. */
export function alarms(names: readonly string[], states: ReadonlyMap<string, string>): Markup {
  const order = ['ALARM', 'INSUFFICIENT_DATA', 'OK'];
  const found = names
    .map((name) => ({ name: name.split(':').at(-1) ?? name, state: states.get(name) ?? 'INSUFFICIENT_DATA' }))
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return markup`<ul class="alarms">${found.map(
    ({ name, state }) =>
      markup`<li class="${state}"><b>${state.replace('_', ' ').toLowerCase()}</b><span>${name}</span></li>`,
  )}</ul>`;
}

/** The newest value, large, over what it was before. */
export function figure(
  { metrics = [] }: WidgetProperties,
  store: MetricStore,
  from: Date,
  to: Date,
  width: number,
): Markup {
  const [line] = new Evaluation(store, from, to, periodOf(metrics)).lines(metrics);
  if (!line) return nothing();
  const { value } = line.points.at(-1)!;
  return markup`<p class="figure">${shown(value)} <span>${line.label}</span></p>${sparkline(line.points, width, 30)}`;
}

export function graph(
  { metrics = [], yAxis, annotations, legend, stacked }: WidgetProperties,
  store: MetricStore,
  from: Date,
  to: Date,
  space: { readonly width: number; readonly height: number },
): Markup {
  const period = periodOf(metrics);
  const lines = new Evaluation(store, from, to, period).lines(metrics);
  const beside = legend?.position === 'right';
  const names = markup`<ul class="legend ${beside ? 'beside' : 'below'}">${lines.map(entry)}</ul>`;
  const drawing = chart({
    ...{ from, to, period, lines, stacked },
    width: beside ? space.width - 190 : space.width,
    height: beside ? space.height : space.height - 22,
    annotations: annotations?.horizontal ?? [],
    unit: yAxis?.left?.label,
    top: yAxis?.left?.max,
  });
  if (lines.length === 0) return nothing();
  return markup`<div class="graph ${beside ? 'beside' : 'below'}">${drawing}${names}</div>`;
}

/** The answer of a query. */
export function logTable(query: string, log: readonly LogLine[]): Markup {
  const { columns, rows } = answer(query, log);
  if (rows.length === 0) return nothing();
  return markup`<table><thead><tr>${columns.map((column) => markup`<th>${column}</th>`)}</tr></thead><tbody>${rows.map(
    (row) => markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table>`;
}

function entry({ label, color }: Line, index: number): Markup {
  return markup`<li title="${label}"><i style="background:${color ?? COLORS[index % COLORS.length]}"></i>${label}</li>`;
}

function nothing(): Markup {
  return markup`<p class="nothing">No data in this range</p>`;
}

function periodOf(metrics: NonNullable<WidgetProperties['metrics']>): number {
  return Math.max(...metrics.map((metric) => (metric.at(-1) as Rendering).period ?? 300));
}

function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}
