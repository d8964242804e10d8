import { AwsError } from '../protocol/types';

export interface Part {
  readonly start: number;
  /** Behind the last byte. */
  readonly end: number;
  readonly headers: { readonly ContentRange: string; readonly ContentLength: number };
}

/** The part of an object that a Range header asks for; undefined: all of it, also where S3 does not understand the header. */
export function partOf(range: string | undefined, size: number): Part | undefined {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range ?? '');
  if (!asked || (asked[1] === '' && asked[2] === '')) return undefined;
  const start = asked[1] === '' ? Math.max(0, size - Number(asked[2])) : Number(asked[1]);
  const end = asked[1] === '' || asked[2] === '' ? size : Math.min(size, Number(asked[2]) + 1);
  if (start > Number(asked[2] || Infinity) && asked[1] !== '') return undefined;
  if (start >= size) {
    const members = { RangeRequested: range, ActualObjectSize: String(size) };
    throw new AwsError('InvalidRange', 416, 'The requested range is not satisfiable', undefined, members);
  }
  return { start, end, headers: { ContentRange: `bytes ${start}-${end - 1}/${size}`, ContentLength: end - start } };
}
