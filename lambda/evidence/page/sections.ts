import type { CheckResult } from '../../../lib/private/contract/checks';
import type { Evidence } from '../../../lib/private/contract/evidence';
import type { TableProfile } from '../../../lib/private/contract/verification';
import { restoredFrom } from '../source-names';
import { count, counted, duration, moment } from '../text';
import { markup, type Markup, type Value } from './markup';
import { statusCell } from './symbols';

/** Longer lists are folded, so that the page still reads in ten seconds. */
const FOLD_ABOVE = 50;
const LINES_ABOVE = 8;

const KIND: Record<string, string> = {
  'db-instance': 'database instance',
  secret: 'secret',
  'restore-job': 'AWS Backup restore job that has not ended',
};

export function checks({ checks: results }: Evidence): Markup {
  if (results.length === 0) return markup`<section><h2>Checks</h2><p>No check ran.</p></section>`;
  const passed = results.filter((result) => result.status === 'pass').length;
  const worstFirst = [...results].sort((a, b) => rank(a) - rank(b));
  return markup`<section class="long"><h2>Checks: ${count(passed)} of ${count(results.length)} passed</h2>${folded(
    worstFirst,
    (some) =>
      markup`<table class="checks"><thead><tr><th scope="col">Result</th><th scope="col">Check</th><th scope="col">Expected</th><th scope="col">Observed</th></tr></thead><tbody>${some.map(checkRow)}</tbody></table>`,
    'checks',
  )}</section>
`;
}

function rank(result: CheckResult): number {
  const order = ['fail', 'inconclusive', 'skipped', 'pass'].indexOf(result.status);
  return order === -1 ? 1 : order;
}

function checkRow(result: CheckResult): Markup {
  return markup`<tr><td>${statusCell(result.status)}</td><td><code>${result.id}</code></td><td data-name="expected">${result.expected}</td><td data-name="observed">${result.observed}${grant(result.grant)}</td></tr>
`;
}

function grant(sql: string | undefined): Markup | null {
  if (sql === undefined || sql === '') return null;
  const lines = sql.split(/\r?\n/);
  const statements = markup`<pre>${lines.map((line, index) => [index > 0 ? markup`${NEWLINE}` : '', line])}</pre>`;
  if (lines.length <= LINES_ABOVE) return markup`<p class="small soft gap">Run on the source:</p>${statements}`;
  return markup`<details class="gap"><summary class="small soft">Run on the source: ${counted(lines.length, 'line')}</summary>${statements}</details>`;
}

const NEWLINE = markup`
`;

export function restored({ resource, source, comparedWith, rto, leftBehind }: Evidence): Markup {
  const what = source
    ? facts([
        [
          'Recovery source',
          `${restoredFrom(source)} ${source.kind === 'recovery-point' && resource.engine !== 's3' ? '' : 'of '}${source.identifier}`,
        ],
        ['As of', `${moment(source.restorePoint)}, ${duration(source.ageSeconds)} before the disaster`],
        ['Newest the source promised', moment(source.latestRestorableTime)],
        ...(resource.engine === 's3'
          ? []
          : ([
              ['PostgreSQL', source.engineVersion],
              ['Instance class', source.instanceClass],
            ] as [string, Value][])),
        ['ARN', markup`<code>${source.arn}</code>`],
        ...vaultOf(source),
      ])
    : markup`<p>${leftBehind.length > 0 ? 'What was restored is not known.' : 'Nothing was restored.'}</p>`;
  const compared = comparedWith.length === 0 ? null : markup`<h2 class="gap">Compared with</h2>${list(comparedWith)}`;
  return markup`<section><h2>${source && rto.phases.length === 0 ? 'What was to be restored' : 'What was restored'}</h2>${what}${compared}</section>
`;
}

function vaultOf({ vault, resourceArn, createdAt }: NonNullable<Evidence['source']>): [string, Value][] {
  if (vault === undefined) return [];
  return [
    ['Backup vault', `${vault}, recovery point made ${moment(createdAt ?? '')}`],
    ['Recovery point of', markup`<code>${resourceArn ?? ''}</code>`],
  ];
}

export function tables({ tables: all, resource }: Evidence): Markup | null {
  if (resource.engine === 's3') return null;
  if (all.length === 0) return markup`<section><h2>Tables</h2><p>No table was counted.</p></section>`;
  const rows = all.reduce((sum, table) => sum + table.rows, 0);
  const content = all.some((table) => table.content !== undefined);
  const table = (some: readonly TableProfile[]) =>
    markup`<table><thead><tr><th scope="col">Table</th>${content ? markup`<th scope="col">Content hash</th>` : null}<th scope="col" class="number">Rows</th></tr></thead><tbody>${some.map((one) => tableRow(one, content))}</tbody></table>`;
  return markup`<section class="long"><h2>Tables: ${count(all.length)}, with ${counted(rows, 'row')}</h2>${folded(all, table, 'tables')}</section>
`;
}

function tableRow(table: TableProfile, content: boolean): Markup {
  return markup`<tr><td><span class="soft"><bdi>${table.database}</bdi>.<bdi>${table.schema}</bdi>.</span><bdi>${table.name}</bdi></td>${content ? markup`<td class="mono small soft">${table.content ?? ''}</td>` : null}<td class="number">${count(table.rows)}</td></tr>
`;
}

export function judgement(evidence: Evidence): Markup {
  return markup`${titled('Differences from a real recovery', evidence.differences, 'Nothing was restored, so there is nothing to compare.')}${findings(evidence)}${titled('Left to manual judgement', evidence.manual, 'Nothing.')}`;
}

function findings({ findings: found }: Evidence): Markup | null {
  if (found.length === 0) return null;
  const items = found.map(
    ({ sentence, command }) =>
      markup`<li>${sentence}${command === undefined ? null : markup`<pre>${command}</pre>`}</li>`,
  );
  return markup`<section><h2>Findings in production</h2><p class="small soft">No drill changes production: run the lines yourself.</p><ul>${items}</ul></section>
`;
}

export function removal({ removed, leftBehind }: Evidence): Markup {
  const one = (thing: Evidence['removed'][number]) =>
    markup`<li>${KIND[thing.kind] ?? thing.kind} <code>${thing.identifier}</code></li>`;
  const gone =
    removed.length === 0 ? markup`<p>Nothing was there to remove.</p>` : markup`<ul>${removed.map(one)}</ul>`;
  const left = leftBehind.length === 0 ? markup`<p>Nothing.</p>` : markup`<ul>${leftBehind.map(one)}</ul>`;
  return markup`<div class="figures"><section><h2>Removed</h2>${gone}</section><section><h2>Left behind</h2>${left}</section></div>
`;
}

export function cost({ cost: said }: Evidence): Markup {
  const rows = said.lines.map(
    (line) =>
      markup`<tr><td>${line.item}<br><span class="small soft">${line.basis}</span></td><td class="number">${usd(line.amount)}</td></tr>`,
  );
  return markup`<section><h2>Cost on AWS, estimated: USD ${usd(said.total)}</h2><table><tbody>${rows}</tbody></table><p class="small soft gap">List prices as of ${said.pricesAsOf}; an estimate, not a bill.</p></section>
`;
}

function usd(amount: number): string {
  return amount.toFixed(amount > 0 && amount < 0.01 ? 6 : 4);
}

export function record(evidence: Evidence): Markup {
  const { previous, patience } = evidence;
  const waits = Object.entries(patience).map(([name, seconds]) => `${name} ${duration(seconds)}`);
  return markup`<section><h2>Record</h2>${facts([
    ['Owner', evidence.owner],
    ['Site', evidence.site],
    [
      'Resource',
      `${evidence.resource.name} (${evidence.resource.identifier}, ${evidence.resource.engine}, ${evidence.resource.ownership})`,
    ],
    ['Disaster declared', moment(evidence.disasterAt)],
    [
      'Drill',
      `${moment(evidence.startedAt)} to ${moment(evidence.finishedAt)}, ${duration(Math.max(0, (Date.parse(evidence.finishedAt) - Date.parse(evidence.startedAt)) / 1000))}`,
    ],
    ['Drill id', markup`<code>${evidence.drillId}</code>`],
    ['Execution', markup`<code>${evidence.execution}</code>`],
    ['Schema', markup`<code>${evidence.schema}</code>`],
    ['Sequence', evidence.sequence],
    [
      'Previous evidence',
      previous
        ? markup`<code>${previous.key}</code><br><span class="mono soft">sha256 ${previous.sha256}</span>`
        : 'none: this is the first of its resource',
    ],
    ['Waits and patiences', waits.join(', ')],
  ])}</section>
`;
}

function facts(pairs: readonly (readonly [string, Value])[]): Markup {
  return markup`<dl class="facts">${pairs.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function titled(title: string, sentences: readonly string[], none: string): Markup {
  return markup`<section><h2>${title}</h2>${sentences.length === 0 ? markup`<p>${none}</p>` : list(sentences)}</section>
`;
}

function list(sentences: readonly string[]): Markup {
  return markup`<ul>${sentences.map((sentence) => markup`<li>${sentence}</li>`)}</ul>`;
}

function folded<T>(all: readonly T[], shown: (some: readonly T[]) => Markup, what: string): Markup {
  if (all.length <= FOLD_ABOVE) return shown(all);
  return markup`<details><summary>All ${count(all.length)} ${what}</summary>${shown(all)}</details>`;
}
