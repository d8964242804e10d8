import type { VerificationPlan } from '../../lib/private/contract/verification';
import type { Findings, Lack, ProbeName, ServerFinding, Unit } from './observations';
import type { Database } from './port';

/** A unit together with how to answer it; lives for one round only. */
export interface Task<P extends ProbeName = ProbeName> {
  readonly unit: Unit<P>;
  readonly reading: 'heap' | 'freely';
  run(database: Database): Promise<Findings[P]>;
  /** Asked when a right is missing: which one. May answer nothing; the problem then stands without a grant. */
  lacks?(database: Database, message: string): Promise<readonly Lack[]>;
}

export type AnyTask = { [P in ProbeName]: Task<P> }[ProbeName];

/** What an engine brings beside the port: its catalog, as tasks. */
export interface Engine {
  /** Databases to connect to first, the likeliest first. */
  readonly entrances: readonly string[];
  readServer(database: Database): Promise<ServerFinding>;
  /**
   * Everything to be asked in one database; the caller sorts.
   */
  tasks(database: Database, context: TaskContext): Promise<DatabaseTasks>;
  /** The user's own questions, asked last. */
  queries(plan: VerificationPlan, databases: readonly string[], holding: readonly string[]): readonly AnyTask[];
}

export interface TaskContext {
  readonly plan: VerificationPlan;
  readonly server: ServerFinding;
  /** Blocks of a unit's table that earlier rounds have read. */
  readonly done: (unit: Unit) => number;
}

export interface DatabaseTasks {
  readonly tasks: readonly AnyTask[];
  readonly holdsTables: boolean;
}

const ORDER: readonly ProbeName[] = [
  'server',
  'database',
  'table',
  'foreign-key',
  'migration',
  'freshness',
  'query',
  'file-rows',
  'files',
];

/** The order of units, which a catalog that changes between rounds does not disturb. */
export function compareUnits(a: Unit, b: Unit): number {
  return (
    stage(a) - stage(b) ||
    compareText(a.database, b.database) ||
    ORDER.indexOf(a.probe) - ORDER.indexOf(b.probe) ||
    comparePaths(a.path, b.path) ||
    end(a) - end(b)
  );
}

export function sameSubject(a: Unit, b: Unit): boolean {
  return a.probe === b.probe && a.database === b.database && comparePaths(a.path, b.path) === 0;
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function stage(unit: Unit): number {
  return unit.probe === 'server' ? 0 : ORDER.indexOf(unit.probe) < ORDER.indexOf('query') ? 1 : 2;
}

function end(unit: Unit): number {
  return unit.range?.to ?? Number.MAX_SAFE_INTEGER;
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = compareText(a[index] ?? '', b[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}
