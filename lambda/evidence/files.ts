import type { Evidence } from '../../lib/private/contract/evidence';
import type { FileProblem, FilesResult } from '../../lib/private/contract/files';
import { secondsBetween } from '../shared/clock';

/** What is wrong with a file, as people say it. */
export const FILE_PROBLEMS: Readonly<Record<FileProblem, string>> = {
  missing: 'missing',
  deleted: 'deleted',
  size: 'of another size',
  content: 'with other content',
  unreadable: 'not readable',
  key: 'under another key',
  failed: 'whose replication failed',
  late: 'replicated too late',
  'older-than-rule': 'older than the replication rule, or outside of it',
};

export function looked({ strata }: Pick<FilesResult, 'strata'>): number {
  return strata.reduce((sum, { checked }) => sum + checked, 0);
}

export function wrong({ problems }: Pick<FilesResult, 'problems'>): number {
  return problems.reduce((sum, { count }) => sum + count, 0);
}

/**
 * The files' own data loss, seconds: from the newest moment of which every file was there to the declared disaster, or to
 * when the replica was looked at, which is later. Null where it was not measured.
 */
export function filesLost({ completeUntil, asOf }: FilesResult, disasterAt: Evidence['disasterAt']): number | null {
  if (completeUntil === undefined) return null;
  const lost = Math.max(secondsBetween(completeUntil, disasterAt), secondsBetween(completeUntil, asOf));
  return Number.isFinite(lost) ? Math.max(0, lost) : null;
}
