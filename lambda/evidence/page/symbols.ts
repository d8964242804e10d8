import type { CheckStatus } from '../../../lib/private/contract/checks';
import type { Verdict } from '../../../lib/private/contract/drill';
import { markup, Markup, type Value } from './markup';

const TICK = Markup.ours('<path d="M6.5 12.5l3.6 3.6 7.4-8"/>');
const CROSS = Markup.ours('<path d="M8 8l8 8M16 8l-8 8"/>');
const QUESTION = Markup.ours('<path d="M9 9.2c.2-1.8 1.5-2.7 3.1-2.7 1.7 0 3 1 3 2.6 0 2.2-3 2.3-3 4.6M12.1 17v.4"/>');
const DASH = Markup.ours('<path d="M7.5 12h9"/>');

const VERDICT: Record<Verdict, Markup> = { PASSED: TICK, FAILED: CROSS, INCONCLUSIVE: QUESTION };

const STATUS: Record<CheckStatus, { symbol: Markup; tone: string; word: string }> = {
  pass: { symbol: TICK, tone: 'PASSED', word: 'pass' },
  fail: { symbol: CROSS, tone: 'FAILED', word: 'fail' },
  inconclusive: { symbol: QUESTION, tone: 'INCONCLUSIVE', word: 'inconclusive' },
  skipped: { symbol: DASH, tone: 'skipped', word: 'skipped' },
};

/** A sign beside the word, so that nothing rests on colour alone. */
export function verdictSymbol(verdict: Verdict): Markup {
  return drawn(VERDICT[verdict] ?? QUESTION);
}

export function statusCell(status: CheckStatus): Markup {
  const { symbol, tone, word } = Object.hasOwn(STATUS, status)
    ? STATUS[status]
    : { ...STATUS.inconclusive, word: String(status) };
  return markup`<span class="status ${tone}">${drawn(symbol)}${word}</span>`;
}

function drawn(path: Value): Markup {
  return markup`<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"><circle cx="12" cy="12" r="10.5"/>${path}</svg>`;
}
