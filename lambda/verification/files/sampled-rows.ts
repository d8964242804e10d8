import type { FileRowsFinding, Observation, ObservationOf } from '../observations';
import type { FileRow } from './question';

/** What the database answered to one check: its rows that name files, each key once. */
export interface SampledRows {
  readonly rows: readonly FileRow[];
  /** Rows of the query that name a file. */
  readonly population: number;
  readonly unnamed: number;
  /** Whether every file that the rows name is among `rows`. */
  readonly all: boolean;
  readonly observations: readonly ObservationOf<'file-rows'>[];
}

const ORDER: readonly FileRow['stratum'][] = ['random', 'newest', 'largest'];

/** Chance comes first, since what it draws speaks for all; a file is looked at once. */
export function sampledRows(seen: readonly Observation[], check: string): SampledRows {
  const observations = seen.filter(
    (each): each is ObservationOf<'file-rows'> & Observation => each.probe === 'file-rows' && each.path[0] === check,
  );
  const found = observations.flatMap(({ found }) => (found ? [found as FileRowsFinding] : []));
  const rows = new Map<string, FileRow>();
  for (const stratum of ORDER) {
    for (const observation of observations.filter(({ path }) => path[1] === stratum)) {
      for (const row of observation.found?.sampled ?? []) {
        if (!rows.has(row.key)) rows.set(row.key, { ...row, stratum });
      }
    }
  }
  const [first] = found;
  return {
    rows: [...rows.values()],
    population: first ? first.rows - first.unnamed : 0,
    unnamed: first?.unnamed ?? 0,
    all: found.some((each) => each.all),
    observations,
  };
}
