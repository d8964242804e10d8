import { setTimeout as sleep } from 'node:timers/promises';
import { CannotConnect, DatabaseError, type Database, type Server } from './port';

/** How long a server that broke off may take to come back; crash recovery of a small copy fits. */
const COME_BACK_MS = 30_000;

/** The one session that a round has open, in whichever database it is at, reopened when it was lost. */
export class Session {
  private current: Database | null = null;

  constructor(
    private readonly server: Server,
    private readonly deadline: number,
  ) {}

  /** @throws LoginRefused, CannotConnect, DatabaseError */
  async enter(database: string): Promise<Database> {
    if (this.current?.name === database) return this.current;
    await this.close();
    this.current = await this.server.connect(database);
    return this.current;
  }

  /**
   * Does something in a database; once more when the connection was lost meanwhile. What loses it twice has only itself to
   * blame, and the error is thrown.
   */
  async steadily<R>(database: string, work: (session: Database) => Promise<R>): Promise<R> {
    try {
      return await this.once(await this.enter(database), work);
    } catch (error) {
      if (!isLost(error)) throw error;
      return this.once(await this.comeBack(database, error as DatabaseError), work);
    }
  }

  async close(): Promise<void> {
    const leaving = this.current;
    this.current = null;
    await leaving?.close();
  }

  private async once<R>(session: Database, work: (session: Database) => Promise<R>): Promise<R> {
    try {
      return await work(session);
    } catch (error) {
      if (isLost(error)) await this.close();
      throw error;
    }
  }

  private async comeBack(database: string, lost: DatabaseError): Promise<Database> {
    const patience = Math.min(Date.now() + COME_BACK_MS, Math.max(this.deadline, Date.now() + 2_000));
    for (;;) {
      try {
        return await this.enter(database);
      } catch (error) {
        if (!(error instanceof CannotConnect)) throw error;
        if (Date.now() >= patience) {
          throw new DatabaseError(
            'lost',
            `${lost.message}, and the server did not come back: ${error.message}`,
            lost.code,
          );
        }
        await sleep(500);
      }
    }
  }
}

function isLost(error: unknown): boolean {
  return error instanceof DatabaseError && error.reason === 'lost';
}
