export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

type Action = (at: Date) => Promise<void> | void;

interface Entry {
  readonly at: number;
  readonly action: Action;
}

/** Everything that is going to happen, in the order of a time that passes only here. */
export class Timeline {
  /** By time; what was asked for first comes first. */
  private readonly entries: Entry[] = [];
  private time: number;

  constructor(start: Date) {
    this.time = start.getTime();
  }

  readonly clock = () => new Date(this.time);

  get now(): Date {
    return this.clock();
  }

  /** What is asked for in the past happens at once, after what is due already. */
  at(time: Date, action: Action): void {
    const at = Math.max(time.getTime(), this.time);
    let index = this.entries.length;
    while (index > 0 && this.entries[index - 1].at > at) index--;
    this.entries.splice(index, 0, { at, action });
  }

  after(milliseconds: number, action: Action): void {
    this.at(new Date(this.time + milliseconds), action);
  }

  /** Again and again, at the times that `next` says, each asked for once the one before has come. */
  repeat(next: (after: Date) => Date | undefined, action: Action): void {
    const first = next(this.now);
    if (!first) return;
    this.at(first, async (at) => {
      this.repeat(next, action);
      await action(at);
    });
  }

  async until(time: Date): Promise<void> {
    while (this.entries.length > 0 && this.entries[0].at <= time.getTime()) {
      const { at, action } = this.entries.shift()!;
      this.time = at;
      await action(new Date(at));
    }
    this.time = Math.max(this.time, time.getTime());
  }
}
