import { escapeIdentifier, type Client, type QueryResult } from 'pg';
import { handOver, joinRoles } from './ownership';
import { isAuthorization, remediesFor, roleStatement, type Command, type Remedy } from './remedies';
import { serverFault } from './server-fault';

/** A command as it is tried next; `mighty` when as superuser. */
interface Attempt extends Command {
  readonly mighty: boolean;
}

/** Opens a connection to the server's default database or a named one. */
export type Connect = (database?: string) => Promise<Client>;

const SAVEPOINT = 'cdk_recoverable_statement';
const TRANSACTION_WORDS = new Set([
  'begin',
  'start',
  'commit',
  'end',
  'rollback',
  'abort',
  'savepoint',
  'release',
  'prepare',
]);
/** More than any statement can name roles or lack rights. */
const MOST_REMEDIES = 64;

/**
 * A connection on which a dump is run as the owner of the server's default database (the master), so that everything
 * it makes is the master's. What the master may not do, and what the dump of another server takes for granted, is mended
 * statement by statement; `notes` says how.
 */
export class LoadSession {
  /** Sets whom the dump is run as, until it says otherwise. */
  private readonly ownAuthorization: string;
  /** What the dump last set, to be set again after we changed it. */
  private authorization: string;
  private escalated = false;

  private constructor(
    readonly client: Client,
    private readonly owner: string | undefined,
    private readonly notes: Set<string>,
  ) {
    this.ownAuthorization = owner === undefined ? '' : `SET SESSION AUTHORIZATION ${escapeIdentifier(owner)}`;
    this.authorization = this.ownAuthorization;
  }

  /** @param owner whom to run as; undefined: as who connects */
  static async open(
    connect: Connect,
    database: string | undefined,
    owner: string | undefined,
    notes: Set<string>,
  ): Promise<LoadSession> {
    const session = new LoadSession(await connect(database), owner, notes);
    try {
      await session.authorize();
      await session.refuseForeignDatabase();
      return session;
    } catch (error) {
      await session.client.end().catch(() => {});
      throw error;
    }
  }

  get inTransaction(): boolean {
    return this.client.getTransactionStatus() === 'T';
  }

  async database(): Promise<string> {
    const { rows } = await this.client.query<{ name: string }>('SELECT current_database() AS name');
    return rows[0].name;
  }

  /** Lets the owner read everything the dump made, whoever it gave it to. Throws when a transaction is open. */
  async finish(): Promise<void> {
    if (this.inTransaction) throw new Error('a transaction that was begun before is never committed');
    const { client, owner } = this;
    if (owner !== undefined && this.escalated) await this.asSuperuser(() => handOver(client, owner));
    await this.joinRoles();
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  /** Runs one statement, mending what can be mended. Throws what the server said last. */
  async run(command: Command): Promise<QueryResult | undefined> {
    if (this.concernsOurRoles(command)) return undefined;
    const tried = new Set<string>();
    for (let current: Attempt = { ...command, mighty: false }; ;) {
      try {
        return await this.attempt(current);
      } catch (error) {
        const remedy = remediesFor(current, serverFault(error)).find((one) => !tried.has(JSON.stringify(one)));
        if (!remedy || tried.size >= MOST_REMEDIES) throw error;
        tried.add(JSON.stringify(remedy));
        if ('note' in remedy) this.notes.add(remedy.note);
        if (remedy.kind === 'skip') return undefined;
        current = await this.mend(remedy, current);
      }
    }
  }

  /** Runs several statements as one; when one fails, none has happened. */
  async runTogether(sql: string): Promise<QueryResult[]> {
    const results = (await this.guarded(() => this.client.query(sql))) as QueryResult | QueryResult[];
    return Array.isArray(results) ? results : [results];
  }

  /** The names and passwords the server was made with are not the dump's to change. */
  private concernsOurRoles(command: Command): boolean {
    const role = roleStatement(command);
    if (role === undefined || (role !== this.owner && role !== 'rdsadmin' && role !== 'rds_superuser')) return false;
    this.notes.add(`kept the role ${role} as it is`);
    return true;
  }

  private async attempt({ sql, words, mighty }: Attempt): Promise<QueryResult> {
    if (TRANSACTION_WORDS.has(words[0])) return this.client.query(sql);
    const work = (): Promise<QueryResult> => this.guarded(() => this.client.query(sql));
    const result = await (mighty ? this.asSuperuser(work) : work());
    if (isAuthorization(words) || words[0] === 'discard') await this.followAuthorization({ sql, words });
    return result;
  }

  /** A failed statement ends a transaction of the dump's; a savepoint lets us try again. */
  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    if (!this.inTransaction) return work();
    await this.client.query(`SAVEPOINT ${SAVEPOINT}`);
    try {
      const result = await work();
      await this.client.query(`RELEASE SAVEPOINT ${SAVEPOINT}`);
      return result;
    } catch (error) {
      await this.client.query(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
      throw error;
    }
  }

  private async mend(remedy: Exclude<Remedy, { kind: 'skip' }>, attempt: Attempt): Promise<Attempt> {
    if (remedy.kind === 'instead') return { ...attempt, sql: remedy.sql };
    if (remedy.kind === 'escalate') {
      this.escalated = true;
      return { ...attempt, mighty: true };
    }
    if (remedy.kind === 'prepare') await this.asSuperuser(() => this.guarded(() => this.client.query(remedy.sql)));
    await this.joinRoles();
    return attempt;
  }

  private async joinRoles(): Promise<void> {
    const { owner } = this;
    if (owner !== undefined) await this.asSuperuser(() => joinRoles(this.client, owner));
  }

  private async asSuperuser<T>(work: () => Promise<T>): Promise<T> {
    if (this.owner === undefined) return work();
    await this.client.query('RESET SESSION AUTHORIZATION');
    try {
      return await work();
    } finally {
      await this.authorize();
    }
  }

  private async followAuthorization({ sql, words }: Command): Promise<void> {
    const returns = words[0] !== 'set' || words.includes('default');
    this.authorization = returns ? this.ownAuthorization : sql;
    if (returns) await this.authorize();
  }

  private async authorize(): Promise<void> {
    if (this.authorization) await this.client.query(this.authorization);
  }

  private async refuseForeignDatabase(): Promise<void> {
    const { rows } = await this.client.query<{ allowed: boolean; name: string }>(
      `SELECT has_database_privilege(current_database(), 'CONNECT') AS allowed, current_database() AS name`,
    );
    if (!rows[0].allowed) throw new Error(`permission denied for database "${rows[0].name}"`);
  }
}
