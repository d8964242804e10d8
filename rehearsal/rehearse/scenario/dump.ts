import { stat } from 'node:fs/promises';
import type { Client } from 'pg';
import { loadDump } from '../../dump';
import type { RunningDatabase } from '../../database-engine';
import { UserError } from '../faults';
import { passWholeSecond } from './moment';
import type { Scenario } from './scenario';
import { tablesBySize } from './tables';

/** The user's own data, from a plain SQL dump: its largest table is emptied by accident. */
export class DumpScenario implements Scenario {
  readonly drill = 'Standard';
  readonly backUpFirst = true;
  private filled = 'postgres';

  private constructor(private readonly file: string) {}

  static async open(file: string): Promise<DumpScenario> {
    const found = await stat(file).catch((error: NodeJS.ErrnoException) => error);
    if (found instanceof Error) throw new UserError(`cannot read the dump ${file}: ${found.message}`);
    if (!found.isFile())
      throw new UserError(`the dump ${file} is not a file: give one plain SQL file, as pg_dump writes it`);
    return new DumpScenario(file);
  }

  get database(): string {
    return this.filled;
  }

  async load(
    database: RunningDatabase,
    _certificateAuthority: string,
    detail: (text: string) => void,
  ): Promise<string> {
    const loaded = await loadDump(
      this.file,
      (name) => database.superuser(name),
      (bytes, total) => detail(`${Math.floor((100 * bytes) / Math.max(total, 1))} %`),
    );
    for (const name of loaded.databases) {
      if ((await tablesBySize(database, name)).length > 0) {
        this.filled = name;
        return `${loaded.rows.toLocaleString('en')} rows by ${loaded.statements.toLocaleString('en')} statements`;
      }
    }
    throw new UserError(`the dump ${this.file} leaves no table that holds a row: there is nothing to lose`);
  }

  tables(database: RunningDatabase): Promise<string[]> {
    return tablesBySize(database, this.filled);
  }

  owner(database: RunningDatabase): Promise<Client> {
    return database.superuser(this.filled);
  }

  async lose(accident: boolean, capture: () => Promise<void>, database: RunningDatabase): Promise<Date> {
    const [largest] = await this.tables(database);
    await capture();
    const moment = await passWholeSecond();
    if (!accident) return moment;
    const owner = await this.owner(database);
    try {
      await owner.query(`truncate ${largest} cascade`);
    } finally {
      await owner.end();
    }
    return moment;
  }

  async close(): Promise<void> {}
}
