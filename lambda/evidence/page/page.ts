import type { Evidence } from '../../../lib/private/contract/evidence';
import { restoredFrom } from '../source-names';
import { duration, moment } from '../text';
import { figures } from './figures';
import { files } from './files';
import { markup, type Markup } from './markup';
import { checks, cost, judgement, record, removal, restored, tables } from './sections';
import { STYLE } from './style';
import { verdictSymbol } from './symbols';

/** Reasons beyond these are folded. */
const REASONS_SHOWN = 8;

/** One page, complete in itself: no script, nothing loaded from anywhere. Reads in ten seconds, prints, works on a phone. */
export function page(evidence: Evidence): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${evidence.verdict}: ${evidence.drill}, ${moment(evidence.startedAt)}</title>
<style>${STYLE}</style>
</head>
<body>
${mark(evidence.watermark)}<main>
${verdict(evidence)}
${figures(evidence)}${files(evidence)}${checks(evidence)}${restored(evidence)}${tables(evidence)}${judgement(evidence)}${removal(evidence)}${cost(evidence)}${record(evidence)}</main>
</body>
</html>
`.text;
}

function verdict(evidence: Evidence): Markup {
  const { source, leftBehind } = evidence;
  const from = source
    ? `${evidence.rto.phases.length > 0 ? 'restored' : 'to be restored'} from a ${restoredFrom(source)} ${duration(source.ageSeconds)} before the disaster`
    : leftBehind.length > 0
      ? 'what was restored is not known'
      : 'nothing was restored';
  return markup`<header class="verdict ${evidence.verdict}"><h1>${verdictSymbol(evidence.verdict)}${evidence.verdict}</h1><p class="about"><strong><bdi>${evidence.resource.identifier}</bdi></strong>, ${from}. <span class="soft">Drill <bdi>${evidence.drill}</bdi>, ${moment(evidence.startedAt)}, owner <bdi>${evidence.owner}</bdi>.</span></p>${reasons(evidence.reasons)}${left(evidence)}</header>`;
}

function reasons(all: readonly string[]): Markup {
  const item = (reason: string) => markup`<li>${reason}</li>`;
  const rest = all.slice(REASONS_SHOWN);
  const more =
    rest.length === 0
      ? null
      : markup`<details class="gap"><summary>${rest.length} more</summary><ul>${rest.map(item)}</ul></details>`;
  return markup`<ul class="reasons">${all.slice(0, REASONS_SHOWN).map(item)}</ul>${more}`;
}

function left({ leftBehind }: Evidence): Markup | null {
  if (leftBehind.length === 0) return null;
  const things = leftBehind.map(
    (thing, index) => markup`${index > 0 ? ', ' : ''}${thing.kind} <code>${thing.identifier}</code>`,
  );
  return markup`<p class="left"><strong>Left behind:</strong> ${things}. The sweeper removes it; until then it costs.</p>`;
}

/** A rehearsal's sentence, in words at the top and across every page, drawn so that it prints. */
function mark(watermark: string | undefined): Markup | null {
  if (watermark === undefined) return null;
  const width = Math.min(40 + 15 * [...watermark].length, 4000);
  return markup`<p class="banner" role="note">${watermark}</p>
<svg class="watermark" aria-hidden="true"><defs><pattern id="mark" width="${width}" height="150" patternUnits="userSpaceOnUse" patternTransform="rotate(-28)"><text x="0" y="40">${watermark}</text><text x="${-width / 2}" y="115">${watermark}</text><text x="${width / 2}" y="115">${watermark}</text></pattern></defs><rect width="100%" height="100%" fill="url(#mark)"/></svg>
`;
}
