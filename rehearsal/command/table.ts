import Table from 'cli-table3';

/** What a pipe or a log is taken to be wide. */
const WIDTH = 120;
/** No column gets narrower, even where the terminal is. */
const NARROWEST = 6;

/** Rows in a grid that fits the terminal: the widest columns wrap first. Without colours, wherever it goes. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly number[] = [],
): string {
  const colWidths = widths([head, ...rows], process.stdout.columns ?? WIDTH);
  const fitted = (row: readonly string[]) => row.map((cell, index) => foldable(cell, colWidths[index] - 2));
  const printed = new Table({
    head: fitted(head),
    colWidths,
    colAligns: head.map((_, index) => (numbers.includes(index) ? 'right' : 'left')),
    wordWrap: true,
    style: { head: [], border: [], compact: rows.every((row) => row.every((cell) => !cell.includes('\n'))) },
  });
  printed.push(...rows.map(fitted));
  return printed.toString();
}

/** A word that is longer than its column would be cut. */
function foldable(cell: string, width: number): string {
  return cell.replace(new RegExp(`\\S{${width}}(?=\\S)`, 'gu'), '$& ');
}

function widths(rows: readonly (readonly string[])[], width: number): number[] {
  const longest = (pattern: RegExp) =>
    rows[0].map((_, index) =>
      Math.max(...rows.flatMap((row) => row[index].split(pattern).map((part) => part.length + 2))),
    );
  const columns = longest(/\n/);
  const words = longest(/\s/);
  const borders = columns.length + 1;
  for (;;) {
    const tooWide = columns.reduce((sum, each) => sum + each, borders) - width;
    // A column whose words would break is narrowed last.
    const widest =
      most(columns, (each, index) => (each > Math.max(words[index], NARROWEST) ? each : 0)) ??
      most(columns, (each) => each);
    if (tooWide <= 0 || widest === undefined || columns[widest] <= NARROWEST) return columns;
    columns[widest] -= 1;
  }
}

function most(columns: readonly number[], weight: (each: number, index: number) => number): number | undefined {
  const weights = columns.map(weight);
  const greatest = Math.max(...weights);
  return greatest > 0 ? weights.indexOf(greatest) : undefined;
}
