import type { CheckResult } from '../../../lib/private/contract/checks';
import type { Evidence } from '../../../lib/private/contract/evidence';
import type { FilesResult } from '../../../lib/private/contract/files';
import { FILE_PROBLEMS, filesLost, looked, wrong } from '../files';
import { count, counted, duration, moment } from '../text';
import { markup, type Markup, type Value } from './markup';
import { statusCell } from './symbols';

const STRATA: Readonly<Record<string, string>> = {
  random: 'at random',
  newest: 'the newest',
  largest: 'the largest',
  every: 'every one',
};

/** What checks of files found: rows without their file first, since that is what users feel. */
export function files(evidence: Evidence): Markup | null {
  const { files: all = [], checks } = evidence;
  if (all.length === 0) return null;
  const found = all
    .map((result) => ({ result, check: checks.find(({ id }) => id === result.check) }))
    .sort((a, b) => Number(isOfRows(b.check)) - Number(isOfRows(a.check)));
  return markup`<section class="long files"><h2>Files: ${title(found)}</h2>${found.map((one) => block(one, evidence))}</section>
`;
}

interface Found {
  readonly result: FilesResult;
  readonly check: CheckResult | undefined;
}

function isOfRows(check: CheckResult | undefined): boolean {
  return check?.kind === 'files-exist';
}

function title(found: readonly Found[]): string {
  const sum = (some: readonly Found[]) => some.reduce((total, { result }) => total + wrong(result), 0);
  const rows = sum(found.filter(({ check }) => isOfRows(check)));
  const objects = sum(found.filter(({ check }) => !isOfRows(check)));
  if (rows + objects > 0) {
    return [
      ...(rows > 0 ? [`${counted(rows, 'row')} without ${rows === 1 ? 'its' : 'their'} file`] : []),
      ...(objects > 0
        ? [`${counted(objects, 'object')} not in the replica as ${objects === 1 ? 'it' : 'they'} should be`]
        : []),
    ].join(', ');
  }
  return found.every(({ check }) => check?.status === 'pass') ? 'nothing missing among those looked at' : 'not known';
}

function block({ result, check }: Found, evidence: Evidence): Markup {
  const rows = isOfRows(check);
  const noun = rows ? 'row' : 'object';
  const what = rows ? 'Rows and their files in' : 'Replica of';
  return markup`<div><p>${check ? statusCell(check.status) : null} <strong>${what} <bdi>${result.bucket}</bdi></strong> <code class="soft">${result.check}</code></p>
<p class="figure">${count(looked(result))} <span class="of">looked at, of ${counted(result.population, noun)}</span></p>${problems(result)}<p class="gap">${result.statement}</p>${facts(result, evidence)}${examples(result)}</div>
`;
}

function problems({ problems: all }: FilesResult): Markup | null {
  if (all.length === 0) return null;
  return markup`<ul class="problems">${all.map(({ problem, count: times }) => markup`<li><strong>${count(times)}</strong> ${FILE_PROBLEMS[problem] ?? problem}</li>`)}</ul>`;
}

function facts(result: FilesResult, { disasterAt }: Evidence): Markup {
  const lost = filesLost(result, disasterAt);
  const pairs: [string, Value][] = [
    [
      'Looked at',
      result.strata.map(({ name, checked }) => `${count(checked)} ${STRATA[name] ?? name}`).join(', ') || 'none',
    ],
    [
      'Files lost (RPO)',
      lost === null ? 'not measured' : `${duration(lost)}: complete until ${moment(result.completeUntil ?? '')}`,
    ],
    ['Seed', markup`<code>${result.seed}</code>`],
  ];
  return markup`<dl class="facts small gap">${pairs.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function examples({ examples: all }: FilesResult): Markup | null {
  if (all.length === 0) return null;
  const row = ({ key, problem, detail }: FilesResult['examples'][number]) =>
    markup`<tr><td><code>${key}</code></td><td>${FILE_PROBLEMS[problem] ?? problem}</td><td>${detail}</td></tr>`;
  return markup`<details class="gap"><summary class="small">The first ${count(all.length)}, by the hash of their keys</summary><table><thead><tr><th scope="col">SHA-256 of the key, first 16</th><th scope="col">Problem</th><th scope="col">What was seen</th></tr></thead><tbody>${all.map(row)}</tbody></table></details>`;
}
