import type { Client } from 'pg';
import type { RunningDatabase } from '../../database-engine';
import type { FileStore } from '../files';

/** Whose data is lost and brought back. */
export interface Scenario {
  /** Word in the name of the drill that fits this data: the example schedules one for each kind. */
  readonly drill: string;
  /** Whether the first backup is taken before the data is there, so that a restore must replay all of it. */
  readonly backUpFirst: boolean;
  /**
   * Puts the data into the database, and the files that it speaks of where they are kept.
   * @param files absent where no drill checks any
   * @returns what it was, for people
   */
  load(
    database: RunningDatabase,
    certificateAuthority: string,
    detail: (text: string) => void,
    files?: FileStore,
  ): Promise<string>;
  /** Database in which the data lives. */
  readonly database: string;
  /** Tables that hold rows, largest first, quoted with their schema. */
  tables(database: RunningDatabase): Promise<string[]>;
  /** A connection of whoever owns the data. The caller ends it. */
  owner(database: RunningDatabase): Promise<Client>;
  /**
   * Picks a moment, a whole second, and loses data right after it.
   * @param accident false: nothing is lost, only the moment is picked.
   * @param capture looks at the data as it is at that moment: through the client it is given, which holds a snapshot of
   * it, or, given none, at a database in which nothing changes.
   */
  lose(accident: boolean, capture: (held?: Client) => Promise<void>, database: RunningDatabase): Promise<Date>;
  /** Ends what still writes. */
  close(): Promise<void>;
}
