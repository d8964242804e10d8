import { markup, type Markup } from '../../lambda/evidence/page/markup';
import type { MetricStore } from '../aws/cloudwatch/store';
import { type DashboardBody, rangeOf, type Widget } from './body';
import type { LogLine } from './query';
import { DASHBOARD_STYLE } from './style';
import { alarms, figure, graph, logTable, text } from './widgets';

/** What a dashboard shows is looked up in this. */
export interface Watched {
  readonly store: MetricStore;
  /** Lines of the logs that the dashboard asks. */
  readonly log: readonly LogLine[];
  /** State by name or ARN of the alarm. */
  readonly alarms: ReadonlyMap<string, string>;
  readonly now: Date;
}

/** Pixels of one unit of the console's grid. */
const COLUMN = 60;
const ROW = 52;
const GAP = 10;

/** A dashboard as one page, complete in itself: what its owner would see in the console, without an account. */
export function dashboardPage(name: string, body: DashboardBody, watched: Watched): string {
  const [from, to] = rangeOf(body, watched.now);
  const widgets = body.widgets.map((widget) => placed(widget, content(widget, watched, from, to)));
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}</title>
<style>${DASHBOARD_STYLE}</style>
</head>
<body>
<header><h1>${name}</h1><p>Rehearsed: the deployed dashboard over points of a rehearsal, ${day(from)} to ${day(to)} UTC</p></header>
<main style="height:${Math.max(...body.widgets.map(({ y, height }) => y + height)) * ROW}px">
${widgets}
</main>
</body>
</html>
`.text;
}

function placed({ type, x, y, width, height, properties }: Widget, inside: Markup): Markup {
  const title = properties.title === undefined ? null : markup`<h2>${properties.title}</h2>`;
  return markup`<section class="${type}" style="left:${x * COLUMN}px;top:${y * ROW}px;width:${width * COLUMN - GAP}px;height:${height * ROW - GAP}px">${title}${inside}</section>
`;
}

function content(widget: Widget, { store, log, alarms: states }: Watched, from: Date, to: Date): Markup {
  const { type, width, height, properties } = widget;
  const space = { width: width * COLUMN - GAP - 26, height: height * ROW - GAP - 44 };
  if (type === 'text') return text(properties.markdown ?? '');
  if (type === 'alarm') return alarms(properties.alarms ?? [], states);
  if (type === 'log') return logTable(properties.query ?? '', log);
  if (type === 'metric' && properties.view === 'singleValue') return figure(properties, store, from, to, space.width);
  if (type === 'metric' && properties.view === 'timeSeries') return graph(properties, store, from, to, space);
  throw new Error(`a widget ${type} ${properties.view ?? ''} is not rehearsed`);
}

function day(time: Date): string {
  return time.toISOString().slice(0, 16).replace('T', ' ');
}
