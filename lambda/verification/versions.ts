import type { MigrationTool } from '../../lib/private/contract/checks';
import { compareText } from './tasks';

/** How each migration tool orders its versions; Alembic's revisions have no order that a database could tell. */
const COMPARE: Readonly<Record<MigrationTool, ((a: string, b: string) => number) | null>> = {
  flyway: (a, b) => compareDotted(bare(a), bare(b)),
  rails: (a, b) => compareDotted(joined(a), joined(b)),
  prisma: compareText,
  alembic: null,
};

/** Negative when `a` is older than `b`; null when the tool has no order. */
export function compareVersions(tool: MigrationTool, a: string, b: string): number | null {
  const compare = COMPARE[tool];
  return compare ? compare(a, b) : null;
}

export function newestVersion(tool: MigrationTool, versions: readonly string[]): string {
  return versions.reduce((newest, each) => ((compareVersions(tool, each, newest) ?? 0) > 0 ? each : newest), '');
}

/** Flyway's files begin with a V that its table leaves out. */
function bare(version: string): string {
  return version.replace(/^v(?=\d)/i, '');
}

/** Rails writes one number, and its schema.rb separates the digits: `2026_11_20_120000`. */
function joined(version: string): string {
  return version.replaceAll('_', '');
}

/** `1.10` is newer than `1.9`; a missing part counts as zero, nothing at all is older than everything. */
function compareDotted(a: string, b: string): number {
  if (a === '' || b === '') return compareText(a, b);
  const [left, right] = [a.split(/[._]/), b.split(/[._]/)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = comparePart(left[index] ?? '0', right[index] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return compareText(a, b);
  const [left, right] = [BigInt(a), BigInt(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
