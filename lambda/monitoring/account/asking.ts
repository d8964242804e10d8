import { log } from '../../shared/log';
import { nameOf } from '../../shared/named-error';

/** Questions that are out at once: several, so that a run is short; few, so that nobody else is throttled. */
const AT_ONCE = 4;

/** What goes with every call: it ends when the run's time is over. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/**
 * Asks AWS a few questions at a time. A question without an answer is kept as a trouble and never as an answer: whoever asked goes
 * on with what is known.
 */
export class Asking {
  readonly troubles: string[] = [];
  private readonly waiting: (() => void)[] = [];
  private out = 0;

  constructor(private readonly options: CallOptions) {}

  /** @returns undefined where AWS did not answer */
  async ask<T>(about: string, question: (options: CallOptions) => Promise<T>): Promise<T | undefined> {
    await this.turn();
    try {
      return await question(this.options);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn('not answered', { about, name: nameOf(error), reason });
      this.troubles.push(`${about}: ${nameOf(error)}: ${reason}`);
      return undefined;
    } finally {
      this.out--;
      this.waiting.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    if (this.out >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.out++;
  }
}

/** Values of one filter. */
const MOST_VALUES = 50;

export function chunks<T>(all: readonly T[], size = MOST_VALUES): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
