/** What of a statement an error shows. */
const SHOWN = 80;

/** A dump that cannot be loaded: where (file:line), why, and how the statement there begins. */
export class DumpError extends Error {
  constructor(
    readonly file: string,
    readonly line: number,
    readonly reason: string,
    statement = '',
  ) {
    const beginning = statement
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .slice(0, SHOWN);
    super(`${file}:${line}: ${reason}${beginning ? `: ${beginning}` : ''}`);
    this.name = 'DumpError';
  }
}
