import type { DrillState } from '../../lib/private/contract/drill';
import type { Cost } from '../../lib/private/contract/evidence';
import { secondsBetween } from '../shared/clock';
import { INSTANCE_MINIMUM_SECONDS, type Price, PRICES } from './prices';
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
  const machinery = machineryOf(seconds, poll, checkingSeconds(state, finishedAt));
  const lines = [...copyLines(state, finishedAt), lambdaLine(machinery), transitionsLine(machinery)];
  const total = lines.reduce((sum, line) => sum + line.amount, 0);
  return { currency: 'USD', total: rounded(total), lines, pricesAsOf: PRICES.asOf };
}

/** What the machine and the functions of a drill do, at most. */
export interface Machinery {
  readonly transitions: number;
  readonly calls: number;
  readonly gbSeconds: number;
}

/** The verifier waits while the query function works, so both are paid for as long as checks run. */
export function machineryOf(seconds: number, poll: number, checkingSeconds: number): Machinery {
  const turns = Math.ceil(seconds / Math.max(poll, 1));
  const calls = STATES_ONCE + turns;
  return {
    transitions: STATES_ONCE + STATES_PER_TURN * turns,
    calls,
    gbSeconds: functionGbSeconds(calls) + 2 * checkingSeconds * FUNCTION_GIB,
  };
}

/** What ordinary calls of functions take. */
export function functionGbSeconds(calls: number): number {
  return calls * CALL_SECONDS * FUNCTION_GIB;
}

function copyLines(state: DrillState, finishedAt: string): Line[] {
  // Requests and a few days of storage: less than a cent for thousands of files.
  if (state.source?.files) return [];
  const seconds = copySeconds(state, finishedAt);
  if (seconds === null) return [];
  const billed = Math.max(seconds, INSTANCE_MINIMUM_SECONDS);
  const left = state.teardown?.gone ? '' : '; it may still be running, which costs on';
  const lived = `billed for ${duration(billed)} (lived ${duration(seconds)}, at least ${duration(INSTANCE_MINIMUM_SECONDS)})${left}`;
  const instanceClass = oneLine(state.source?.instanceClass ?? 'unknown', 60);
  const price = Object.hasOwn(PRICES.instanceHour, instanceClass) ? PRICES.instanceHour[instanceClass] : undefined;
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

function checkingSeconds({ verification }: DrillState, finishedAt: string): number {
  if (!verification) return 0;
  return Math.max(0, secondsBetween(verification.startedAt, verification.finishedAt ?? finishedAt));
}

function lambdaLine({ calls, gbSeconds }: Machinery): Line {
  const amount = gbSeconds * PRICES.lambdaGbSecond.usd + calls * PRICES.lambdaRequest.usd;
  return line(
    'Functions',
    amount,
    PRICES.lambdaGbSecond,
    `per GB-second, at most about ${count(calls)} calls and ${count(Math.ceil(gbSeconds))} GB-seconds`,
  );
}

function transitionsLine({ transitions }: Machinery): Line {
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
