import type { CheckDefinition } from '../../../lib/private/contract/checks';
import type { VerificationPlan } from '../../../lib/private/contract/verification';
import { seedFor } from '../files/keys';
import type { FileRow } from '../files/question';
import { sampleSize } from '../files/statistics';
import type { FileRowsFinding } from '../observations';
import type { Database } from '../port';
import type { Task } from '../tasks';
import { readFileRows, type Compared } from './file-row';
import { lacksOfMessage } from './privileges';
import { databaseOf } from './queries';

type FilesExist = Extract<CheckDefinition, { kind: 'files-exist' }>;

/** Rows of one answer: with keys of a kilobyte they still fit. */
const PART = 500;
const MOST_NEWEST = 1_000;
const LARGEST = 20;
/** Rows taken for each key that is wanted, since several may name one. */
const SPARE = 4;

/** One task for each part of a check's sample: chance first, then the newest and the largest rows. */
export function fileRowTasks(
  plan: VerificationPlan,
  databases: readonly string[],
  holding: readonly string[],
): Task<'file-rows'>[] {
  const checks = plan.checks.filter((check): check is FilesExist => check.kind === 'files-exist');
  return checks.flatMap((check) => {
    const database = databaseOf(check, databases, holding);
    if (database === undefined) return [];
    const size = sampleSize(check.sample.fraction, check.sample.confidence);
    const seed = seedFor(plan.seed, check.id);
    const task = (stratum: FileRow['stratum'], part: number, ask: (asked: Asked) => Promise<Sampled>) =>
      ({
        unit: { probe: 'file-rows', database, path: [check.id, stratum, String(part).padStart(3, '0')] },
        reading: 'freely',
        run: (session) => asking(session, check.sql, ask),
        lacks: lacksOfMessage,
      }) satisfies Task<'file-rows'>;
    const parts = (most: number) => Array.from({ length: Math.ceil(most / PART) }, (_, part) => part);
    return [
      ...parts(size).map((part) => task('random', part, (asked) => random(asked, seed, size, part))),
      ...parts(Math.min(size, MOST_NEWEST)).map((part) =>
        task('newest', part, (asked) => first(asked, 'modified_at', Math.min(size, MOST_NEWEST), part)),
      ),
      task('largest', 0, (asked) => first(asked, 'size', LARGEST, 0)),
    ];
  });
}

type Sampled = Pick<FileRowsFinding, 'sampled' | 'all' | 'unsuitable'>;

/** A user's query, and what it has to say. */
interface Asked {
  readonly session: Database;
  /** In place of a table: its first column is `recoverable_key`. */
  readonly rows: string;
  readonly columns: ReadonlySet<Compared>;
  /** Rows that name a file. */
  readonly named: number;
}

const COMPARED: readonly Compared[] = ['size', 'sha256', 'modified_at'];
const KEY = 'asked.recoverable_key::pg_catalog.text';

async function asking(
  session: Database,
  sql: string,
  ask: (asked: Asked) => Promise<Sampled>,
): Promise<FileRowsFinding> {
  // On lines of its own, so that a comment at its end hides nothing; without its end, so that it is one part of ours.
  const rows = `(\n${sql.trim().replace(/;+$/, '')}\n) as asked(recoverable_key)`;
  const { names } = await session.sample(`select * from ${rows} limit 0`, 0);
  const columns = new Set(COMPARED.filter((name) => names.slice(1).includes(name)));
  const counted = await session.sample(
    `select pg_catalog.count(*), pg_catalog.count(nullif(${KEY}, '')) from ${rows}`,
    1,
  );
  const [all, named] = (counted.rows[0] ?? []).map(Number);
  const sampled = named > 0 ? await ask({ session, rows, columns, named }) : { sampled: [], all: true };
  return { rows: all, unnamed: all - named, ...sampled };
}

/**
 * Keys in an order that the seed makes, each once: even, whatever the keys are and however often each is named. So many
 * rows as are likely to hold enough keys are sorted; where they did not, more.
 */
async function random(
  { session, rows, columns, named }: Asked,
  seed: string,
  size: number,
  part: number,
): Promise<Sampled> {
  const from = part * PART;
  const wanted = Math.min(PART, size - from);
  // One more behind the last part shows whether there are more.
  const limit = from + wanted === size ? wanted + 1 : wanted;
  const place = `pg_catalog.hashtextextended(${KEY} collate pg_catalog."C", ${BigInt.asIntN(64, BigInt(`0x${seed}`))})`;
  for (let share = Math.min(1, (SPARE * (size + 1)) / named); ; share = Math.min(1, share * 16)) {
    const below = share === 1 ? '' : `and ${place} < ${BigInt(Math.floor((share - 0.5) * 2 ** 52)) * 2n ** 12n}`;
    const { rows: found } = await session.sample(
      `select key, size, sha256, modified from (
         select distinct on (place, key) ${place} as place, ${selected(columns)}
         from ${rows} where ${KEY} <> '' ${below} order by place, key
       ) as placed order by place, key limit ${limit} offset ${from}`,
      limit,
    );
    if (found.length < limit && share < 1) continue;
    return { ...readFileRows(found.slice(0, wanted)), all: share === 1 && found.length < limit };
  }
}

/** Those with the highest of a column; none where the query has no such column. */
async function first({ session, rows, columns }: Asked, by: Compared, size: number, part: number): Promise<Sampled> {
  if (!columns.has(by)) return { sampled: [], all: false };
  const from = part * PART;
  const limit = Math.min(PART, size - from);
  const { rows: found } = await session.sample(
    `select ${selected(columns)} from ${rows}
     where ${KEY} <> '' and asked.${by} is not null order by asked.${by} desc, 1 limit ${limit} offset ${from}`,
    limit,
  );
  return { ...readFileRows(found), all: false };
}

function selected(columns: ReadonlySet<Compared>): string {
  const text = (name: Compared) => (columns.has(name) ? `asked.${name}::pg_catalog.text` : 'null::pg_catalog.text');
  const modified = columns.has('modified_at')
    ? `pg_catalog.date_part('epoch', asked.modified_at::pg_catalog.timestamptz)::pg_catalog.text`
    : 'null::pg_catalog.text';
  return `${KEY} as key, ${text('size')} as size, ${text('sha256')} as sha256, ${modified} as modified`;
}
