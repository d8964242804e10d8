import type { SourceInventory } from '../../lib/private/contract/inventory';

/** What an estimate rests on beside prices; the output says it. */
export interface Assumptions {
  /** GiB by name of resource, where the templates do not say it. */
  readonly gib: ReadonlyMap<string, number>;
  /** Share of a database that changes in a day, 0 to 1. */
  readonly changeRate: number;
  /** How long a restored copy lives in a drill. */
  readonly drillHours: number;
}

export const HOURS_PER_MONTH = 730;
export const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;

/** Share of a database that has changed after some days: what changed twice counts once. */
export function changed(days: number, { changeRate }: Assumptions): number {
  return 1 - (1 - changeRate) ** days;
}

/** What automated backups keep beyond the size of the database itself, which is free: each day's changes. */
export function automatedShare(retentionDays: number, assumptions: Assumptions): number {
  return retentionDays * changed(1, assumptions);
}

/**
 * Sizes of a database that its recovery points take together: one is whole, each other holds what changed since the one before.
 * A longer tier counts from where the shorter one ends, since both hold the same blocks until then.
 */
export function recoveryPointShare(
  tiers: readonly Pick<SourceInventory, 'retentionDays' | 'everyDays'>[],
  assumptions: Assumptions,
): number {
  const sorted = [...tiers].sort((a, b) => (a.retentionDays ?? 0) - (b.retentionDays ?? 0));
  let share = sorted.length > 0 ? 1 : 0;
  let from = 0;
  for (const { retentionDays = 0, everyDays = 1 } of sorted) {
    share += (Math.max(0, retentionDays - from) / everyDays) * changed(everyDays, assumptions);
    from = Math.max(from, retentionDays);
  }
  return share;
}

/** Recovery points where each is whole: those that are younger than the oldest automated backup cost nothing. */
export function wholePoints(
  tiers: readonly Pick<SourceInventory, 'retentionDays' | 'everyDays'>[],
  automatedDays: number,
): number {
  const sorted = [...tiers].sort((a, b) => (a.retentionDays ?? 0) - (b.retentionDays ?? 0));
  let count = 0;
  let from = automatedDays;
  for (const { retentionDays = 0, everyDays = 1 } of sorted) {
    count += Math.max(0, retentionDays - from) / everyDays;
    from = Math.max(from, retentionDays);
  }
  return count;
}

/** Sizes of a database that a copy sends in a month; a whole one each time where copies are never incremental. */
export function transferShare(
  { everyDays }: Pick<SourceInventory, 'everyDays'>,
  whole: boolean,
  assumptions: Assumptions,
): number {
  const each = everyDays ?? 1;
  return (DAYS_PER_MONTH / each) * (whole ? 1 : changed(each, assumptions));
}
