import type { VerificationPlan } from '../../lib/private/contract/verification';
import type {
  BlockRange,
  Cursor,
  Findings,
  Lack,
  Observation,
  ProbeName,
  Problem,
  ServerFinding,
  Unit,
} from './observations';
import { CannotConnect, DatabaseError, LoginRefused, type Database, type Server } from './port';
import { postgres } from './postgres/engine';
import { Session } from './session';
import { compareText, compareUnits, sameSubject, type AnyTask, type Engine, type Task } from './tasks';
import { plain } from './text';

const ENGINES: Readonly<Partial<Record<VerificationPlan['engine'], Engine>>> = { postgres };

/** An answer of a Lambda function may hold a megabyte here; the cursor and JSON around it need their share. */
const MOST_BYTES = 900_000;
/** No statement gets less than this, so that a round that was given too little time still gets one unit done. */
const LEAST_STATEMENT_MS = 1_000;

/** Stops the round; the cursor stays before the unit that was about to be asked. */
class RoundOver extends Error {}

export interface RoundResult {
  readonly observations: Observation[];
  readonly cursor: Cursor | null;
}

/**
 * Asks the units of a plan, from a cursor on, until the deadline's reserve or the size of an answer; at least one.
 * @param cursor null for the first round
 * @param deadline milliseconds since the epoch
 * @param onUnit called with every observation as it is made
 * @returns the observations of this round, and where the next goes on; null: everything was asked
 * @throws LoginRefused, CannotConnect when nothing could be asked because the server could not be entered
 */
export async function observe(
  plan: VerificationPlan,
  server: Server,
  cursor: Cursor | null,
  deadline: number,
  onUnit: (observation: Observation) => void = () => undefined,
): Promise<RoundResult> {
  const round = new Round(plan, server, cursor, deadline, onUnit);
  try {
    await round.run();
    return { observations: round.observations, cursor: null };
  } catch (error) {
    if (error instanceof RoundOver) return { observations: round.observations, cursor: round.cursor() };
    throw error;
  } finally {
    await round.close();
  }
}

class Round {
  readonly observations: Observation[] = [];
  private readonly engine: Engine;
  private readonly session: Session;
  private readonly holding: Set<string>;
  private readonly reserveMs: number;
  private last: Unit | null;
  private bytes = 0;

  constructor(
    private readonly plan: VerificationPlan,
    server: Server,
    private readonly from: Cursor | null,
    private readonly deadline: number,
    private readonly onUnit: (observation: Observation) => void,
  ) {
    const engine = ENGINES[plan.engine];
    if (!engine)
      throw new RangeError(
        `there are no checks for engine ${plan.engine}; allowed: ${Object.keys(ENGINES).join(', ')}`,
      );
    this.engine = engine;
    this.session = new Session(server, deadline);
    this.holding = new Set(from?.holding);
    this.last = from?.after ?? null;
    this.reserveMs = Math.min(5_000, Math.max(0, deadline - Date.now()) / 10);
  }

  async run(): Promise<void> {
    const facts = await this.enter();
    await this.take({ unit: { probe: 'server', database: '', path: [] }, reading: 'freely', run: async () => facts });
    for (const database of facts.databases) await this.lookInto(database, facts);
    const holding = [...this.holding].sort(compareText);
    for (const task of sorted(this.engine.queries(this.plan, facts.databases, holding))) await this.take(task);
  }

  cursor(): Cursor | null {
    return this.last && { after: this.last, holding: [...this.holding].sort(compareText) };
  }

  close(): Promise<void> {
    return this.session.close();
  }

  /** The one place where not getting in is thrown: nothing was asked yet, so the caller may wait and come again. */
  private async enter(): Promise<ServerFinding> {
    const [first, ...others] = this.engine.entrances;
    let database: Database;
    try {
      database = await this.session.enter(first);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      database = await this.enterOther(others, error);
    }
    await database.bound(this.statementMs(), 'freely');
    return this.engine.readServer(database);
  }

  private async enterOther(others: readonly string[], refused: DatabaseError): Promise<Database> {
    for (const name of others) {
      try {
        return await this.session.enter(name);
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
      }
    }
    throw new LoginRefused(`the login may enter none of ${this.engine.entrances.join(', ')}: ${refused.message}`);
  }

  private async lookInto(name: string, facts: ServerFinding): Promise<void> {
    const whole: Unit<'database'> = { probe: 'database', database: name, path: [] };
    if (this.isPast(name)) return;
    const context = { plan: this.plan, server: facts, done: (unit: Unit) => this.blocksDone(unit) };
    let tasks: readonly AnyTask[];
    try {
      const found = await this.session.steadily(name, async (database) => {
        await database.bound(this.statementMs(), 'freely');
        return this.engine.tasks(database, context);
      });
      tasks = found.tasks;
      if (found.holdsTables) this.holding.add(name);
    } catch (error) {
      if (this.observations.length > 0 && !isAbout(error, 'privilege', 'missing')) throw new RoundOver(); // again, with a round of its own
      return this.record(whole, {
        problem: problemOf(error, isAbout(error, 'privilege') ? [{ right: 'connect', database: name }] : []),
      });
    }
    for (const task of sorted(tasks)) await this.take(task);
  }

  private async take(task: AnyTask): Promise<void> {
    if (this.last && compareUnits(task.unit, this.last) <= 0) return;
    if (this.isOver()) throw new RoundOver();
    try {
      this.record(task.unit, { found: await this.ask(task as Task) });
    } catch (error) {
      if (error instanceof RoundOver) throw error;
      // Whoever ran out of time or found no server behind others is asked first in the next round, with all of its time.
      if ((isAbout(error, 'timeout') || isNoEntry(error)) && this.observations.length > 0) throw new RoundOver();
      this.record(task.unit, { problem: problemOf(error, await this.lacks(task as Task, error)) });
    }
  }

  private ask<P extends ProbeName>(task: Task<P>): Promise<Findings[P]> {
    if (task.unit.probe === 'server') return task.run(undefined as never); // already read, on the way in
    return this.session.steadily(task.unit.database, async (database) => {
      await database.bound(this.statementMs(), task.reading);
      return task.run(database);
    });
  }

  private async lacks(task: Task, error: unknown): Promise<readonly Lack[]> {
    if (!isAbout(error, 'privilege') || !task.lacks) return [];
    const ask = task.lacks.bind(task);
    return this.session
      .steadily(task.unit.database, (database) => ask(database, (error as Error).message))
      .catch(() => []);
  }

  private record(unit: Unit, answer: { found?: unknown; problem?: Problem }): void {
    const observation = { ...unit, finishedAt: new Date().toISOString(), ...answer } as Observation;
    this.observations.push(observation);
    this.bytes += Buffer.byteLength(JSON.stringify(observation)) + 1;
    this.last = unit;
    this.onUnit(observation);
  }

  private isOver(): boolean {
    return this.observations.length > 0 && (Date.now() >= this.deadline - this.reserveMs || this.bytes > MOST_BYTES);
  }

  private isPast(database: string): boolean {
    const after = this.from?.after;
    if (!after || after.probe === 'server') return false;
    return after.probe === 'query' || after.probe === 'file-rows' || compareText(database, after.database) < 0;
  }

  private blocksDone(unit: Unit): number {
    const after = this.from?.after;
    return after && sameSubject(after, unit) ? ((after.range as BlockRange | undefined)?.to ?? 0) : 0;
  }

  private statementMs(): number {
    return Math.max(LEAST_STATEMENT_MS, this.deadline - this.reserveMs - Date.now());
  }
}

function sorted(tasks: readonly AnyTask[]): AnyTask[] {
  return [...tasks].sort((a, b) => compareUnits(a.unit, b.unit));
}

function isAbout(error: unknown, ...reasons: DatabaseError['reason'][]): boolean {
  return error instanceof DatabaseError && reasons.includes(error.reason);
}

function isNoEntry(error: unknown): boolean {
  return error instanceof CannotConnect || error instanceof LoginRefused;
}

function problemOf(error: unknown, lacks: readonly Lack[]): Problem {
  const reason = error instanceof DatabaseError ? error.reason : 'other';
  const message = plain(error instanceof Error ? error.message : String(error));
  return { reason, message, ...(lacks.length > 0 ? { lacks } : {}) };
}
