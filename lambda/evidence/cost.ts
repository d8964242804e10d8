import type { DrillState } from '../../lib/private/contract/drill';
import type { Cost } from '../../lib/private/contract/evidence';
import { secondsBetween } from '../shared/clock';
import { PRICES, type Price } from './prices';
import { count, duration, oneLine } from './text';

type Line = Cost['lines'][number];

const SECONDS_PER_MONTH = 730 * 3600;
/** States passed once in every drill, and per turn of a waiting loop (wait, ask, choose). */
const STATES_ONCE = 16;
const STATES_PER_TURN = 3;
/** Memory of a function, GiB, and the length of an ordinary call, seconds: an upper estimate. */
const FUNCTION_GIB = 0.5;
const CALL_SECONDS = 2;

/** What a drill of this length costs on AWS at list prices; what is not in the price table is said and left out of the total. */
export function costOf(state: DrillState, finishedAt: string, poll: number): Cost {
  const seconds = Math.max(0, secondsBetween(state.drill.startedAt, finishedAt));
  const turns = Math.ceil(seconds / Math.max(poll, 1));
  const lines = [...copyLines(state, finishedAt), lambdaLine(state, turns, finishedAt), transitionsLine(turns)];
  const total = lines.reduce((sum, line) => sum + line.amount, 0);
  return { currency: 'USD', total: rounded(total), lines, pricesAsOf: PRICES.asOf };
}

function copyLines(state: DrillState, finishedAt: string): Line[] {
  const seconds = copySeconds(state, finishedAt);
  if (seconds === null) return [];
  const billed = Math.max(seconds, PRICES.instanceMinimumSeconds);
  const left = state.teardown?.gone ? '' : '; it may still be running, which costs on';
  const lived = `billed for ${duration(billed)} (lived ${duration(seconds)}, at least ${duration(PRICES.instanceMinimumSeconds)})${left}`;
  const instanceClass = oneLine(state.source?.instanceClass ?? 'unknown', 60);
  const price = PRICES.instanceHour.get(instanceClass);
  const gib = state.source?.allocatedStorageGib ?? 0;
  const storage = (gib * billed * PRICES.gp3GibMonth.usd) / SECONDS_PER_MONTH;
  return [
    price
      ? line(`Restored instance ${instanceClass}`, (price.usd * billed) / 3600, price, `per hour, ${lived}`)
      : {
          item: `Restored instance ${instanceClass}`,
          amount: 0,
          basis: `this class is not in the price table, so it is not in the total; ${lived}`,
        },
    line(`Storage, ${count(gib)} GiB`, storage, PRICES.gp3GibMonth, 'per GiB and month, as gp3'),
  ];
}

/** How long the copy lived; null when none was made. An unknown end counts until the evidence was written. */
function copySeconds({ drill, restore, teardown }: DrillState, finishedAt: string): number | null {
  const seen = [...(teardown?.removed ?? []), ...(teardown?.leftBehind ?? [])].some(
    (thing) => thing.kind === 'db-instance',
  );
  if (!restore && !seen) return null;
  const end = teardown?.gone ? (teardown.absentSince ?? finishedAt) : finishedAt;
  return Math.max(0, secondsBetween(restore?.startedAt ?? drill.startedAt, end));
}

/** The verifier waits while the query function works, so both are paid for as long as checks run. */
function lambdaLine({ verification }: DrillState, turns: number, finishedAt: string): Line {
  const checking = verification
    ? Math.max(0, secondsBetween(verification.startedAt, verification.finishedAt ?? finishedAt))
    : 0;
  const calls = STATES_ONCE + turns;
  const gbSeconds = (calls * CALL_SECONDS + 2 * checking) * FUNCTION_GIB;
  const amount = gbSeconds * PRICES.lambdaGbSecond.usd + calls * PRICES.lambdaRequest.usd;
  return line(
    'Functions',
    amount,
    PRICES.lambdaGbSecond,
    `per GB-second, at most about ${count(calls)} calls and ${count(Math.ceil(gbSeconds))} GB-seconds`,
  );
}

function transitionsLine(turns: number): Line {
  const transitions = STATES_ONCE + STATES_PER_TURN * turns;
  return line(
    'State machine',
    transitions * PRICES.stateTransition.usd,
    PRICES.stateTransition,
    `per transition, at most about ${count(transitions)}`,
  );
}

function line(item: string, amount: number, price: Price, basis: string): Line {
  return {
    item,
    amount: rounded(amount),
    basis: `USD ${String(price.usd)} ${basis} (price in ${PRICES.region} ${price.basis})`,
  };
}

/** To a millionth of a dollar: below that a figure only pretends to be exact. */
function rounded(amount: number): number {
  return Math.round(amount * 1e6) / 1e6;
}
