/** What of a statement an error shows. */
const SHOWN = 80;
/** A server quotes whole values, and a binary file is one endless line. */
const LONGEST_REASON = 600;

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
    super(`${file}:${line}: ${shortened(reason)}${beginning ? `: ${beginning}` : ''}`);
    this.name = 'DumpError';
  }
}

function shortened(reason: string): string {
  return reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}...` : reason;
}
