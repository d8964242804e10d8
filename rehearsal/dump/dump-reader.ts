import { open, type FileHandle } from 'node:fs/promises';
import { DumpError } from './dump-error';
import { StatementScanner } from './statement-scanner';

export interface Statement {
  readonly kind: 'statement';
  /** One character per byte, from the first word or sign on. */
  readonly bytes: string;
  readonly line: number;
  /** The words outside of quotes and parentheses, in lower case. */
  readonly words: readonly string[];
}

export interface MetaCommand {
  readonly kind: 'meta';
  /** With its backslash, without the end of its line. One character per byte. */
  readonly bytes: string;
  readonly line: number;
}

const CHUNK = 262_144;
/** One statement is sent whole; a string of ours cannot hold much more, nor can the server. */
const LONGEST_STATEMENT = 268_435_456;
const UTF8_MARK = '\xef\xbb\xbf';
/** What begins files that are no plain SQL, and what to do with them. */
const FOREIGN: readonly (readonly [string, string])[] = [
  ['PGDMP', 'is in the custom format of pg_dump: make it plain with `pg_restore -f dump.sql FILE`'],
  ['toc.dat\0', 'is in the tar format of pg_dump: make it plain with `pg_restore -f dump.sql FILE`'],
  ['\x1f\x8b', 'is compressed: unpack it with `gunzip` first'],
  ['\x28\xb5\x2f\xfd', 'is compressed: unpack it with `unzstd` first'],
  ['BZh', 'is compressed: unpack it with `bunzip2` first'],
  ['PK\x03\x04', 'is a zip archive: unpack it first'],
  ['\xff\xfe', 'is in UTF-16: save it in UTF-8'],
  ['\xfe\xff', 'is in UTF-16: save it in UTF-8'],
];

/** Reads a dump piece by piece: what is held in memory is one statement, or one chunk of a COPY block. */
export class DumpReader {
  /** Does a backslash escape in '...' too? (SET standard_conforming_strings = off) */
  plainQuotesEscape = false;
  private text = '';
  /** Of the first character of `text`. */
  private line = 1;
  private complete = false;
  private bytesRead = 0;

  private constructor(
    readonly file: string,
    private readonly handle: FileHandle,
    private readonly size: number,
    private readonly onProgress: (bytes: number, total: number) => void,
  ) {}

  /** Throws a DumpError when the file is not plain SQL, and the system's error when it cannot be opened. */
  static async open(file: string, onProgress: (bytes: number, total: number) => void): Promise<DumpReader> {
    const handle = await open(file, 'r');
    try {
      const reader = new DumpReader(file, handle, (await handle.stat()).size, onProgress);
      await reader.fill();
      const [, complaint] = FOREIGN.find(([beginning]) => reader.text.startsWith(beginning)) ?? [];
      if (complaint) throw new DumpError(file, 1, complaint);
      if (reader.text.includes('\0'))
        throw new DumpError(file, 1, 'is no text: give a plain SQL dump, as pg_dump writes it');
      if (reader.text.startsWith(UTF8_MARK)) reader.text = reader.text.slice(UTF8_MARK.length);
      return reader;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Of what comes next. */
  get currentLine(): number {
    return this.line;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /** The next statement or meta-command; undefined at the end. */
  async next(): Promise<Statement | MetaCommand | undefined> {
    const scanner = new StatementScanner(this.plainQuotesEscape);
    for (;;) {
      const result = scanner.scan(this.text, this.complete);
      switch (result.kind) {
        case 'more':
          await this.lengthen(scanner.start);
          break;
        case 'statement':
          return this.take(scanner, result.end);
        case 'meta':
          return this.takeMeta(scanner, result);
        case 'end':
          // As psql does: the last statement may lack its semicolon.
          return scanner.start < 0 ? undefined : this.take(scanner, this.text.length);
        case 'unterminated':
          throw this.error(result.from, `the ${result.what} that begins here has no end`);
      }
    }
  }

  /** The data of a COPY block, up to the line `\.` or the end of the file. To be read after its statement. */
  async *copyData(): AsyncGenerator<string> {
    await this.skipLineEnd();
    for (let atLineStart = true; ; await this.fill()) {
      const end = this.endOfData(atLineStart);
      if (end) {
        const data = this.drop(end.at);
        this.drop(end.length);
        if (data) yield data;
        return;
      }
      const held = atLineStart || this.text.includes('\n') ? this.possibleEnd() : 0;
      const data = this.drop(this.text.length - held);
      if (data) {
        atLineStart = data.endsWith('\n');
        yield data;
      }
      if (this.complete) return;
    }
  }

  private take(scanner: StatementScanner, end: number): Statement {
    this.drop(scanner.start);
    const { line } = this;
    return { kind: 'statement', line, bytes: this.drop(end - scanner.start), words: scanner.words };
  }

  private async takeMeta(
    scanner: StatementScanner,
    { at, inside }: { readonly at: number; readonly inside: boolean },
  ): Promise<MetaCommand> {
    let end: number;
    while ((end = this.text.indexOf('\n', at)) < 0 && !this.complete) await this.lengthen(at);
    const command = this.text.slice(at, end < 0 ? undefined : end).trimEnd();
    if (inside) {
      const begun = this.text.slice(scanner.start, at);
      throw this.error(at, `${command} is within a statement that has not ended`, begun);
    }
    this.drop(at);
    const { line } = this;
    this.drop(end < 0 ? this.text.length : end + 1 - at);
    return { kind: 'meta', line, bytes: command };
  }

  /** Data begins on the line after its statement. */
  private async skipLineEnd(): Promise<void> {
    let end: number;
    while ((end = this.text.indexOf('\n')) < 0 && !this.complete) await this.lengthen(0);
    const rest = this.text.slice(0, end < 0 ? undefined : end).trim();
    if (rest) throw this.error(0, 'the data of a COPY must begin on the next line, but here follows', rest);
    this.drop(end < 0 ? this.text.length : end + 1);
  }

  /** Where a line that is `\.` and nothing else begins, and its length. */
  private endOfData(atLineStart: boolean): { readonly at: number; readonly length: number } | undefined {
    END_OF_DATA.lastIndex = 0;
    for (let found; (found = END_OF_DATA.exec(this.text));) {
      const at = found.index + found[1].length;
      const isLine = found[1] === '\n' || (found.index === 0 && atLineStart);
      if (isLine && (found[2].endsWith('\n') || this.complete)) return { at, length: 2 + found[2].length };
      END_OF_DATA.lastIndex = found.index + 1;
    }
    return undefined;
  }

  /** How many characters at the end may be the beginning of the line that ends the data. */
  private possibleEnd(): number {
    const tail = this.text.slice(this.text.lastIndexOf('\n') + 1);
    return !this.complete && ['\\', '\\.', '\\.\r'].includes(tail) ? tail.length : 0;
  }

  private async lengthen(start: number): Promise<void> {
    if (this.text.length > LONGEST_STATEMENT) {
      const limit = LONGEST_STATEMENT / 1_048_576;
      const from = Math.max(start, 0);
      throw this.error(from, `a statement is longer than ${limit} MB`, this.text.slice(from, from + 200));
    }
    // As much again as there is: a long text is not copied for every chunk.
    await this.fill(Math.max(CHUNK, this.text.length));
  }

  private async fill(length = CHUNK): Promise<void> {
    const { buffer, bytesRead } = await this.handle.read(Buffer.allocUnsafe(length), 0, length, null);
    if (bytesRead === 0) this.complete = true;
    this.text += buffer.toString('latin1', 0, bytesRead);
    this.bytesRead += bytesRead;
    this.onProgress(this.bytesRead, this.size);
  }

  private drop(length: number): string {
    const dropped = this.text.slice(0, length);
    this.line += newlines(dropped);
    this.text = this.text.slice(length);
    return dropped;
  }

  private error(at: number, reason: string, statement = ''): DumpError {
    return new DumpError(this.file, this.line + newlines(this.text.slice(0, at)), reason, statement);
  }
}

const END_OF_DATA = /(^|\n)\\\.(\r?\n|\r?$)/g;

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
