import { inOrder } from './in-order';
import type { Outcome } from './object';
import type { Bucket } from './port';
import type { FileRow, FilesFinding, Part, RowsCursor, RowsQuestion } from './question';
import { lookAtRow } from './row';
import { NOTHING, Tally } from './tally';

/** Looks for the files of rows, in their order. */
export class Rows implements Part {
  private readonly tally: Tally;
  private done: number;
  private oldestWithout: number | null;
  private dated: boolean;

  constructor(
    private readonly question: RowsQuestion,
    private readonly bucket: Bucket,
    from: RowsCursor | null,
  ) {
    this.tally = new Tally(from?.counts ?? NOTHING);
    this.done = from?.done ?? 0;
    this.oldestWithout = from?.oldestWithout ?? null;
    this.dated = from?.dated ?? false;
  }

  async run(isOver: () => boolean): Promise<boolean> {
    const { rows, bucket, restorePoint, total } = this.question;
    const work = (row: FileRow) => lookAtRow(row, bucket, this.bucket, restorePoint);
    const { results, error } = await inOrder(rows, work, isOver);
    results.forEach((outcome, index) => this.count(rows[index], outcome));
    this.done += results.length;
    if (error) throw error as Error;
    return this.done >= total;
  }

  cursor(): Omit<RowsCursor, 'troubles'> {
    const { done, oldestWithout, dated } = this;
    return { phase: 'rows', done, counts: this.tally.toJSON(), oldestWithout, dated };
  }

  finding(): FilesFinding {
    const { total, restorePoint } = this.question;
    const until = this.oldestWithout === null ? Date.parse(restorePoint) : this.oldestWithout - 1;
    return {
      population: total,
      counts: this.tally.toJSON(),
      asOf: restorePoint,
      ...(this.dated && { completeUntil: new Date(until).toISOString() }),
    };
  }

  private count(row: FileRow, outcome: Outcome): void {
    const isBad = outcome.is === 'bad';
    this.tally.looked(row.stratum, isBad);
    if (outcome.is === 'bad') this.tally.problem(row.key, outcome.problem, outcome.detail);
    if (outcome.is === 'fine' && !outcome.compared) this.tally.uncompared();
    if (row.modified === undefined) return;
    this.dated = true;
    if (isBad) this.oldestWithout = Math.min(this.oldestWithout ?? Infinity, row.modified);
  }
}
