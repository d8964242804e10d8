import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DumpError } from './dump-error';
import { DumpReader, type MetaCommand, type Statement } from './dump-reader';
import { encodingNamed, UTF8, type DumpEncoding } from './encoding';
import { LoadSession, type Connect } from './load-session';
import { readMetaCommand } from './meta-command';
import { inWords, serverFault } from './server-fault';

export interface LoadedDump {
  /** The databases in which the dump made or filled something, in the order of their first statement. */
  readonly databases: string[];
  readonly statements: number;
  /** Rows of COPY blocks and of INSERT statements. */
  readonly rows: number;
  /** What was left out or done differently than the dump says, in sentences; empty for most dumps. */
  readonly notes: string[];
}

/**
 * Loads a plain SQL dump as pg_dump and people write it, without psql: COPY blocks, `\connect` (followed), `\restrict`
 * (ignored). What the dump makes belongs to the owner of the server's default database, where `connect` leads when it
 * names none; what that owner may not do is done as the connected superuser.
 *
 * Stops at the first statement that cannot be run: throws a DumpError with file:line. Any other meta-command is refused.
 * @param connect opens a client of the server's superuser; it is ended here
 * @param onProgress called with bytes read and bytes of the file
 */
export async function loadDump(
  file: string,
  connect: Connect,
  onProgress: (bytes: number, total: number) => void = () => {},
): Promise<LoadedDump> {
  const reader = await DumpReader.open(file, onProgress);
  try {
    const loader = await Loader.start(reader, connect);
    try {
      return await loader.load();
    } finally {
      await loader.close();
    }
  } finally {
    await reader.close();
  }
}

/** What neither makes nor fills anything in the database it is run in. */
const OUTSIDE_DATABASE = new Set(
  'set reset begin start commit end rollback grant revoke comment security drop alter analyze vacuum'.split(' '),
);
const OUTSIDE_OBJECTS = new Set(['database', 'role', 'user', 'group', 'tablespace']);
const MOST_TOGETHER = 200;
const MOST_BYTES_TOGETHER = 262_144;

class Loader {
  private readonly databases: string[] = [];
  private statements = 0;
  private rows = 0;
  private encoding: DumpEncoding = UTF8;
  private database = '';
  /** INSERT statements that wait to be sent together; one at a time each would cost a round trip. */
  private together: { readonly sql: string; readonly statement: Statement }[] = [];
  private bytesTogether = 0;

  private constructor(
    private readonly reader: DumpReader,
    private readonly connect: Connect,
    private readonly owner: string | undefined,
    private readonly notes: Set<string>,
    private session: LoadSession,
  ) {}

  static async start(reader: DumpReader, connect: Connect): Promise<Loader> {
    const notes = new Set<string>();
    const owner = await defaultOwner(connect);
    const loader = new Loader(reader, connect, owner, notes, await LoadSession.open(connect, undefined, owner, notes));
    loader.database = await loader.session.database();
    return loader;
  }

  async close(): Promise<void> {
    await this.session.close().catch(() => {});
  }

  async load(): Promise<LoadedDump> {
    for (let item; (item = await this.reader.next());) {
      if (item.kind === 'meta') await this.meta(item);
      else if (item.words.length > 0 || item.bytes !== ';') await this.statement(item);
    }
    await this.flush();
    await this.located({ kind: 'meta', bytes: '', line: this.reader.currentLine }, () => this.session.finish());
    return { databases: this.databases, statements: this.statements, rows: this.rows, notes: [...this.notes] };
  }

  private async statement(statement: Statement): Promise<void> {
    const { words } = statement;
    const sql = this.decode(statement);
    if (words[0] === 'insert') return this.collect(sql, statement);
    await this.flush();
    if (this.followSetting(statement, sql)) return;
    this.noteDatabase(words);
    this.statements += 1;
    if (words[0] === 'copy') return this.copy(sql, statement);
    await this.located(statement, async () => {
      const result = await this.session.run({ sql, words });
      if (words.includes('insert')) this.rows += result?.rowCount ?? 0;
    });
  }

  private async collect(sql: string, statement: Statement): Promise<void> {
    this.together.push({ sql, statement });
    this.bytesTogether += sql.length;
    if (this.together.length >= MOST_TOGETHER || this.bytesTogether >= MOST_BYTES_TOGETHER) await this.flush();
  }

  private async flush(): Promise<void> {
    const { together } = this;
    if (together.length === 0) return;
    this.together = [];
    this.bytesTogether = 0;
    this.statements += together.length;
    this.noteDatabase(together[0].statement.words);
    try {
      const results = await this.session.runTogether(together.map(({ sql }) => sql).join('\n'));
      for (const { rowCount } of results) this.rows += rowCount ?? 0;
    } catch {
      // None of them has happened. One by one tells which of them it is, and mends what can be mended.
      for (const { sql, statement } of together) {
        const result = await this.located(statement, () => this.session.run({ sql, words: statement.words }));
        this.rows += result?.rowCount ?? 0;
      }
    }
  }

  private async copy(sql: string, statement: Statement): Promise<void> {
    const { words } = statement;
    const fromInput = words.some((word, index) => word === 'from' && words[index + 1] === 'stdin');
    if (!fromInput) throw this.error(statement, 'only COPY ... FROM stdin is run here');
    await this.located(statement, async () => {
      const sink = this.session.client.query(copyFrom(sql.replace(/;\s*$/, '')));
      await pipeline(Readable.from(this.copyBytes(), { objectMode: true }), sink);
      this.rows += sink.rowCount;
    });
  }

  private async *copyBytes(): AsyncGenerator<Buffer> {
    const decoder = this.encoding.isUtf8 ? undefined : this.encoding.decoder();
    for await (const data of this.reader.copyData()) {
      const bytes = Buffer.from(data, 'latin1');
      yield decoder ? Buffer.from(decoder.write(bytes)) : bytes;
    }
    const rest = decoder?.end();
    if (rest) yield Buffer.from(rest);
  }

  private async meta(command: MetaCommand): Promise<void> {
    await this.flush();
    const action = readMetaCommand(this.decode(command));
    if (action.kind === 'refuse') throw this.error(command, action.reason);
    if (action.kind === 'ignore') return;
    await this.located(command, async () => {
      const database = action.database ?? this.database;
      const next = await LoadSession.open(this.connect, database, this.owner, this.notes);
      await this.session.finish();
      await this.session.close();
      this.session = next;
      this.database = database;
      this.reader.plainQuotesEscape = false;
      this.encoding = UTF8;
    });
  }

  /** Settings that say how the rest of the file is to be read. The first is not sent: what we send is UTF-8. */
  private followSetting(statement: Statement, sql: string): boolean {
    if (statement.words[0] !== 'set') return false;
    const encoding = SETS_ENCODING.exec(sql);
    if (encoding) {
      const name = encoding[1] ?? encoding[2];
      const known = encodingNamed(name);
      if (!known) throw this.error(statement, `the encoding ${name} is not read here: dump with --encoding=UTF8`);
      this.encoding = known;
      return true;
    }
    const strings = /^SET\s+(?:SESSION\s+)?standard_conforming_strings\s*(?:=|\sTO\s)\s*'?(\w+)/i.exec(sql);
    if (strings) this.reader.plainQuotesEscape = /^(?:off|false|no|0)$/i.test(strings[1]);
    return false;
  }

  private noteDatabase(words: readonly string[]): void {
    const outside =
      OUTSIDE_DATABASE.has(words[0]) ||
      (words[0] === 'create' && OUTSIDE_OBJECTS.has(words[1])) ||
      (words[0] === 'select' && words.includes('set_config'));
    if (!outside && !this.databases.includes(this.database)) this.databases.push(this.database);
  }

  private decode(item: Statement | MetaCommand): string {
    if (item.bytes.includes('\0')) throw this.error(item, 'a zero byte: this is no plain SQL in UTF-8');
    try {
      return this.encoding.decode(Buffer.from(item.bytes, 'latin1'));
    } catch {
      throw this.error(
        item,
        `bytes that are not ${this.encoding.name}: put SET client_encoding = '...' first, or save the file in UTF-8`,
      );
    }
  }

  private async located<T>(item: Statement | MetaCommand, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DumpError) throw error;
      throw this.error(item, inWords(serverFault(error)) + adviceFor(item));
    }
  }

  private error({ line, bytes }: Statement | MetaCommand, reason: string): DumpError {
    // An encoding that does not fit must not hide what it does not fit.
    const beginning = Buffer.from(bytes.slice(0, 400), 'latin1');
    return new DumpError(this.reader.file, line, reason, beginning.toString('utf8'));
  }
}

const SETS_ENCODING =
  /^SET\s+(?:(?:SESSION\s+|LOCAL\s+)?client_encoding\s*(?:=|\s+TO\s)\s*|NAMES\s+)(?:'([^']*)'|([\w-]+))/i;

function adviceFor(item: Statement | MetaCommand): string {
  if (item.kind === 'meta' || item.words[0] !== 'create' || item.words[1] !== 'extension') return '';
  return ' (set RECOVERABLE_POSTGRES to the bin directory of a server that has this extension)';
}

/** Undefined when it is who connects anyway, or when that is no superuser and can be nobody else. */
async function defaultOwner(connect: Connect): Promise<string | undefined> {
  const client: Client = await connect();
  try {
    const { rows } = await client.query<{ owner: string; self: string; mighty: boolean }>(
      `SELECT pg_get_userbyid(datdba) AS owner, session_user AS self,
              current_setting('is_superuser')::boolean AS mighty
         FROM pg_database WHERE datname = current_database()`,
    );
    const [{ owner, self, mighty }] = rows;
    return mighty && owner !== self ? owner : undefined;
  } finally {
    await client.end();
  }
}
