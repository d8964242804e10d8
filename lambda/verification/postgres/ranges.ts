import type { BlockRange } from '../observations';

const BLOCK_BYTES = 8_192;
/** A gigabyte with TOAST: minutes even on a freshly restored volume that loads its blocks on first touch. */
const UNIT_BYTES = 1024 ** 3;

export interface Sized {
  readonly heapBytes: number;
  readonly bytes: number;
}

/** Cuts what is left of a table into ranges of blocks; undefined when one unit reads all of it. The last range is open. */
export function ranges(table: Sized, done: number, unitBytes = UNIT_BYTES): (BlockRange | undefined)[] {
  const blocks = Math.ceil(table.heapBytes / BLOCK_BYTES);
  if (done === 0 && table.bytes <= unitBytes) return [undefined];
  const step = Math.max(1, Math.floor((blocks * unitBytes) / Math.max(table.bytes, 1)));
  const cuts: BlockRange[] = [];
  let from = done;
  for (; from + step < blocks; from += step) cuts.push({ from, to: from + step });
  return [...cuts, { from, to: null }];
}

/** The condition on `alias` that keeps a statement inside a range; PostgreSQL 14 and newer read only those blocks. */
export function within(alias: string, range: BlockRange | undefined): string {
  if (!range) return 'true';
  const from = `${alias}.ctid >= '(${range.from},0)'::tid`;
  return range.to === null ? from : `${from} and ${alias}.ctid < '(${range.to},0)'::tid`;
}
