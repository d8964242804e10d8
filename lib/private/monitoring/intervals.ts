import type { DrillSchedule } from '../../drill/schedule';

/** Longest time between two passed drills, which is that of the most frequent one; nothing where there is none. */
export function shortestInterval(drills: readonly { readonly schedule: DrillSchedule }[]): number | undefined {
  if (drills.length === 0) return undefined;
  return Math.min(...drills.map((drill) => drill.schedule._provenSeconds()));
}
