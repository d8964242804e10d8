import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { INVOICES, type ShopFiles } from './invoice';
import type { Shop } from './shop';

/** What goes wrong, and what the application's login does then. */
const ACCIDENTS = {
  /** A forgotten WHERE; the foreign keys take items, payments and documents along, and the files of documents go as well. */
  'orders-deleted': 'DELETE FROM orders',
} as const;

export type AccidentKind = keyof typeof ACCIDENTS;

export const ACCIDENT_KINDS = Object.keys(ACCIDENTS) as AccidentKind[];

export interface Accident {
  /** The whole second just before the accident: everything sold by then is committed, the accident is not. */
  readonly restorePoint: Date;
  /** When the accident was over, by the server's clock. */
  readonly accidentAt: Date;
  /** Of the newest order at the restore point. */
  readonly newestOrder: Date;
}

/**
 * Looks at the database as it is at the restore point.
 * @param client with the rights of the master, in a REPEATABLE READ transaction that it must not end
 */
export type Capture = (client: Client, restorePoint: Date) => Promise<unknown>;

/** Nothing is sold from this long before the restore point. */
const QUIET_MS = 120;
/** Time to stop selling before the chosen second; later ones are chosen when it was not enough. */
const SHORTEST_NOTICE_MS = 250;

/** The selling that is to pause. */
export interface Till {
  /** Resolves when nothing is under way and nothing new begins. */
  pause(): Promise<void>;
  resume(): void;
}

/** Has an accident just after the next whole second, by the server's clock; see Accident for what is promised. */
export async function haveAccident(
  shop: Shop,
  till: Till,
  kind: AccidentKind,
  { capture, files }: { readonly capture?: Capture; readonly files?: ShopFiles } = {},
): Promise<Accident> {
  const [reader, culprit] = await Promise.all([shop.master(), shop.application()]);
  try {
    await sleep(await untilQuiet(reader));
    await till.pause();
    const { restorePoint, newestOrder } = await takeSnapshot(reader);
    const captured = startCapture(reader, restorePoint, capture);
    // Told below, after the accident; until then it must not end the process.
    captured.catch(() => {});
    await culprit.query('BEGIN');
    const [, damaged] = await Promise.allSettled([
      // Selling goes on as soon as the second has passed, however long the capture and the damage take.
      passMoment(shop, restorePoint).finally(() => till.resume()),
      culprit.query(ACCIDENTS[kind]),
    ]);
    if (damaged.status === 'rejected') throw damaged.reason;
    await culprit.query('COMMIT');
    // Whoever cleans up cleans up the files, too.
    await files?.removeAll(INVOICES);
    const accidentAt = await clock(culprit);
    await captured;
    return { restorePoint, accidentAt, newestOrder };
  } finally {
    till.resume();
    await Promise.all([reader.end(), culprit.end()]);
  }
}

/** Milliseconds until shortly before a whole second. */
async function untilQuiet(client: Client): Promise<number> {
  const now = (await clock(client)).getTime();
  const second = Math.ceil((now + SHORTEST_NOTICE_MS) / 1000) * 1000;
  return second - QUIET_MS - now;
}

/** Nothing is written any more: what the snapshot holds is what there is at the next whole second. */
async function takeSnapshot(client: Client): Promise<{ restorePoint: Date; newestOrder: Date }> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const { rows } = await client.query<{ newest: Date; restorePoint: Date }>(
    `SELECT max(created_at) AS newest,
            date_trunc('second', clock_timestamp()) + interval '1 second' AS "restorePoint" FROM orders`,
  );
  return { restorePoint: rows[0].restorePoint, newestOrder: rows[0].newest };
}

async function startCapture(client: Client, restorePoint: Date, capture: Capture | undefined): Promise<void> {
  await capture?.(client, restorePoint);
}

async function passMoment(shop: Shop, moment: Date): Promise<void> {
  const client = await shop.application();
  try {
    // A millisecond and more behind it: a replay to the moment takes in what was committed at it.
    const left = `extract(epoch FROM $1::timestamptz + interval '5 milliseconds' - clock_timestamp())`;
    await client.query(`SELECT pg_sleep(greatest(0, ${left}))`, [moment]);
  } finally {
    await client.end();
  }
}

async function clock(client: Client): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  return rows[0].now;
}
