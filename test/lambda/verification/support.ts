import type { CheckDefinition, CheckResult } from '../../../lib/private/contract/checks';
import type { Profile, VerificationPlan } from '../../../lib/private/contract/verification';
import {
  conclude,
  observe,
  type Cursor,
  type Knowledge,
  type Observation,
  type Server,
} from '../../../lambda/verification/engine';
import { postgresServer } from '../../../lambda/verification/postgres/server';
import type { DatabaseEngine, RunningDatabase } from '../../../rehearsal/database-engine';
import { openPostgresEngine } from '../../../rehearsal/postgres';

export const MASTER = 'master';
export const PASSWORD = 'a-long-enough-password';
export const RESTORE_POINT = '2026-11-20T12:00:00.000Z';

/** A real server with a master that is no superuser, and one database after another made on it. */
export class TestServer {
  private constructor(
    readonly engine: DatabaseEngine,
    readonly running: RunningDatabase,
  ) {}

  static async open(): Promise<TestServer> {
    const engine = await openPostgresEngine();
    return new TestServer(engine, await engine.create({ masterUsername: MASTER, masterPassword: PASSWORD }));
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  /** As the drill's verifier sees it. */
  server(running = this.running, password = PASSWORD): Server {
    return postgresServer({
      address: running.address,
      port: running.port,
      username: MASTER,
      password,
      certificateAuthority: this.engine.certificateAuthority,
    });
  }

  /** Runs SQL as the superuser. */
  async sql<R extends object>(text: string, database = 'postgres'): Promise<R[]> {
    const client = await this.running.superuser(database);
    try {
      const answer = await client.query<R>(text);
      return answer.rows;
    } finally {
      await client.end();
    }
  }

  /** A fresh database whose tables the master may read, unless the SQL says otherwise. */
  async database(name: string, text: string): Promise<void> {
    await this.sql(`create database ${quote(name)}`);
    await this.sql(`alter default privileges grant select on tables to ${quote(MASTER)}; ${text}`, name);
  }

  async drop(...names: string[]): Promise<void> {
    for (const name of names) await this.sql(`drop database if exists ${quote(name)} with (force)`);
  }
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function planOf(
  checks: readonly CheckDefinition[] = [],
  more: Partial<VerificationPlan> = {},
): VerificationPlan {
  return {
    engine: 'postgres',
    checks,
    withoutChecks: [],
    restorePoint: RESTORE_POINT,
    content: false,
    seed: '5eed',
    ...more,
  };
}

export interface Outcome {
  readonly checks: readonly CheckResult[];
  readonly profile: Profile;
  readonly observations: readonly Observation[];
  readonly rounds: number;
  check(id: string): CheckResult;
}

/** Rounds until all is asked, then conclusions; every answer takes the way through JSON that it takes in a drill. */
export async function verify(
  server: Server,
  plan: VerificationPlan,
  knowledge: Knowledge = {},
  roundMs = 60_000,
): Promise<Outcome> {
  const observations: Observation[] = [];
  let cursor: Cursor | null = null;
  let rounds = 0;
  do {
    const answer = await observe(plan, server, cursor, Date.now() + roundMs);
    const text = JSON.stringify(answer);
    if (Buffer.byteLength(text) > 1_000_000) throw new Error('an answer above 1 MB');
    observations.push(...(JSON.parse(text) as typeof answer).observations);
    cursor = (JSON.parse(text) as typeof answer).cursor;
    rounds++;
  } while (cursor);
  const { checks, profile } = conclude(plan, observations, knowledge);
  const check = (id: string) => {
    const found = checks.find((each) => each.id === id);
    if (!found) throw new Error(`no check ${id}`);
    return found;
  };
  return { checks, profile, observations, rounds, check };
}

export function passedWith(profile: Profile): Knowledge {
  return { lastPassed: { drillId: 'a'.repeat(20), at: '2026-11-13T12:30:00.000Z', profile, restoreSeconds: 60 } };
}

export function statuses(outcome: Outcome): Record<string, string> {
  return Object.fromEntries(outcome.checks.map(({ id, status }) => [id, status]));
}
