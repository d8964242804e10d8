import type { VerificationPlan } from '../../lib/private/contract/verification';
import type {
  DatabaseFinding,
  Observation,
  ObservationOf,
  ProbeName,
  Problem,
  ServerFinding,
  TableFinding,
} from './observations';
import { compareText } from './tasks';
import { plain } from './text';

/** One table over all of its ranges. `problem` or an open end: its rows are not known. */
export interface TableView {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly holds: TableFinding['holds'] | 'unknown';
  /** Null when they could not all be read. */
  readonly rows: number | null;
  readonly content?: string;
  readonly partitionOf?: readonly [string, string];
  readonly partitions?: number;
  readonly observations: readonly ObservationOf<'table'>[];
}

/** What all rounds saw together, indexed for conclusions. */
export class View {
  readonly server: ServerFinding | undefined;
  readonly databases: ReadonlyMap<string, DatabaseFinding>;
  readonly tables: readonly TableView[];

  readonly observations: readonly Observation[];
  private readonly byProbe: ReadonlyMap<ProbeName, readonly Observation[]>;
  private readonly byParent: ReadonlyMap<string, readonly TableView[]>;
  private readonly several: boolean;

  constructor(
    readonly plan: VerificationPlan,
    observations: readonly Observation[],
  ) {
    this.observations = withoutRepeats(observations);
    this.byProbe = groupBy(this.observations, (seen) => seen.probe);
    this.server = this.of('server')[0]?.found;
    this.databases = new Map(
      this.of('database').flatMap((seen) => (seen.found ? [[seen.database, seen.found] as const] : [])),
    );
    this.tables = mergeTables(this.of('table'));
    this.byParent = groupBy(
      this.tables.filter((table) => table.partitionOf),
      ({ database, partitionOf: [schema, name] = ['', ''] }) => tableKey({ database, schema, name }),
    );
    this.several = new Set(this.tables.map((table) => table.database)).size > 1;
  }

  of<P extends ProbeName>(probe: P): ObservationOf<P>[] {
    return (this.byProbe.get(probe) ?? []) as unknown as ObservationOf<P>[];
  }

  /** Why it is not known that everything of these kinds was asked; null when it was. */
  gap(...probes: (keyof DatabaseFinding['expects'])[]): string | null {
    if (!this.server) return 'the server was not looked at';
    for (const name of this.server.databases) {
      const gap = this.gapIn(name, ...probes);
      if (gap) return gap;
    }
    return null;
  }

  /** The same of one database. */
  gapIn(name: string, ...probes: (keyof DatabaseFinding['expects'])[]): string | null {
    const database = this.databases.get(name);
    if (!database) return `database ${this.shown(name)} was not looked into`;
    for (const probe of probes) {
      const asked = this.of(probe).filter((seen) => seen.database === name);
      const subjects = [...groupBy(asked, (seen) => seen.path.join('\0')).values()].filter(isWhole).length;
      const expected = database.expects[probe];
      if (subjects < expected)
        return `only ${subjects} of ${expected} ${probe} questions were asked in ${this.shown(name)}`;
    }
    return null;
  }

  /** Where the rows of a table are: its partitions, or itself. Null when not every partition could be looked at. */
  partsOf(table: TableView): readonly TableView[] | null {
    if (table.holds !== 'partitions') return [table];
    const parts = this.byParent.get(tableKey(table)) ?? [];
    return parts.length === table.partitions ? parts : null;
  }

  problemsOf(...probes: ProbeName[]): (Observation & { problem: Problem })[] {
    return this.observations.filter((seen) => probes.includes(seen.probe) && seen.problem !== undefined) as never;
  }

  /** A table as people read it; its database only where several hold tables. */
  name(table: { database: string; schema: string; name: string }): string {
    const parts = [table.schema, table.name];
    if (this.severalHold()) parts.unshift(table.database);
    return parts.map((part) => this.shown(part)).join('.');
  }

  shown(name: string): string {
    return /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(name) ? plain(name, 63) : `"${plain(name, 63)}"`;
  }

  severalHold(): boolean {
    return this.several;
  }

  /** When the last of some observations ended; of all of them, or the restore point, when there are none. */
  finishedAt(some: readonly { finishedAt: string }[]): string {
    const times = (some.length > 0 ? some : this.observations).map((seen) => seen.finishedAt);
    return times.reduce((last, each) => (each > last ? each : last), '') || this.plan.restorePoint;
  }
}

/** A round that was asked again, because its answer was lost, repeats its units; the later answer stands. */
function withoutRepeats(observations: readonly Observation[]): Observation[] {
  const key = ({ probe, database, path, range }: Observation) =>
    JSON.stringify([probe, database, path, range?.from ?? 0]);
  return [...new Map(observations.map((seen) => [key(seen), seen])).values()];
}

/** One table among those of all databases; no name in PostgreSQL holds a zero byte. */
export function tableKey({ database, schema, name }: { database: string; schema: string; name: string }): string {
  return [database, schema, name].join('\0');
}

function groupBy<K, V>(values: readonly V[], keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}

function mergeTables(observations: readonly ObservationOf<'table'>[]): TableView[] {
  return [...groupBy(observations, (seen) => [seen.database, ...seen.path].join('\0')).values()]
    .map(mergeTable)
    .sort((a, b) => compareText(tableKey(a), tableKey(b)));
}

function mergeTable(observations: readonly ObservationOf<'table'>[]): TableView {
  const [first] = observations;
  const found = observations.flatMap((seen) => (seen.found ? [seen.found] : []));
  const whole = found.length === observations.length && isWhole(observations);
  const hashed = whole && found.every((each) => each.content !== undefined);
  return {
    database: first.database,
    schema: first.path[0],
    name: first.path[1],
    holds: found[0]?.holds ?? 'unknown',
    rows: whole ? found.reduce((sum, each) => sum + each.rows, 0) : null,
    ...(hashed ? { content: String(found.reduce((sum, each) => sum + BigInt(each.content ?? 0), 0n)) } : {}),
    ...(found[0]?.partitionOf ? { partitionOf: found[0].partitionOf } : {}),
    ...(found[0]?.partitions === undefined ? {} : { partitions: found[0].partitions }),
    observations,
  };
}

/** Ranges must follow one another from the first block to the open end. */
export function isWhole(observations: readonly ObservationOf<ProbeName>[]): boolean {
  let next: number | null = 0;
  for (const range of observations.map((seen) => seen.range ?? { from: 0, to: null }).sort((a, b) => a.from - b.from)) {
    if (range.from !== next) return false;
    next = range.to;
  }
  return next === null;
}
