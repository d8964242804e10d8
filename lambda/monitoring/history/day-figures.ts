import type { HistoryRecord } from '../../../lib/private/contract/monitoring';
import type { DrillFigures, FailedJob } from '../../../lib/private/contract/history';
import type { Verdict } from '../../../lib/private/contract/drill';

/** Of each kind no more is kept than anybody reads, so that memory does not grow with the number of jobs. */
const MOST = 60;

/** One resource's records of one day, folded. */
export interface DayFigures {
  size?: { readonly bytes: number; readonly allocatedBytes?: number; readonly backupBytes?: number };
  succeeded: number;
  failed: number;
  /** The first of them. */
  readonly failedJobs: FailedJob[];
  readonly durations: {
    readonly kind: 'backup' | 'copy';
    readonly rule?: string;
    readonly vault?: string;
    readonly seconds: number;
  }[];
  readonly drills: DrillFigures[];
}

/**
 * Figures of the wanted resources in a day's records, one record after the other: of drills by the resource's name, of all else by
 * its ARN.
 */
export async function figuresOf(
  records: AsyncIterable<HistoryRecord>,
  wanted: ReadonlySet<string>,
): Promise<Map<string, DayFigures>> {
  const figures = new Map<string, DayFigures>();
  for await (const record of records) {
    const key = record.kind === 'drill' ? record.resource : record.resourceArn;
    if (key === undefined || !wanted.has(key)) continue;
    const of = figures.get(key) ?? { succeeded: 0, failed: 0, failedJobs: [], durations: [], drills: [] };
    figures.set(key, of);
    add(of, record);
  }
  return figures;
}

function add(figures: DayFigures, record: HistoryRecord): void {
  const { kind, state, endedAt, bytes, allocatedBytes, backupBytes } = record;
  if (kind === 'size') {
    if (bytes !== undefined) figures.size = { bytes, allocatedBytes, backupBytes };
  } else if (kind === 'drill') {
    const { rows, rpoSeconds, rtoSeconds, evidence } = record;
    figures.drills.push({ verdict: state as Verdict, endedAt, rows, rpoSeconds, rtoSeconds, evidence });
  } else if (kind === 'backup' || kind === 'copy') {
    addJob(figures, kind, record);
  }
}

/** Whatever ended otherwise than COMPLETED, ABORTED too, made no backup. */
function addJob(figures: DayFigures, kind: 'backup' | 'copy', record: HistoryRecord): void {
  const { state, id, endedAt, message, rule, toVault, seconds } = record;
  if (state !== 'COMPLETED') {
    figures.failed++;
    if (figures.failedJobs.length < MOST) figures.failedJobs.push({ kind, state, id, endedAt, message });
    return;
  }
  figures.succeeded++;
  if (seconds !== undefined && figures.durations.length < MOST) {
    figures.durations.push({ kind, rule, vault: toVault, seconds });
  }
}
