const DAY = 86_400_000;

/** A day in UTC as `YYYY-MM-DD`, which is also its place in the order of days. */
export function dayOf(time: string | Date): string {
  return new Date(time).toISOString().slice(0, 10);
}

export function plusDays(day: string, days: number): string {
  return dayOf(new Date(startOf(day).getTime() + days * DAY));
}

export function startOf(day: string): Date {
  return new Date(`${day}T00:00:00.000Z`);
}

/** Whole days from one to another. */
export function daysBetween(earlier: string, later: string): number {
  return Math.round((startOf(later).getTime() - startOf(earlier).getTime()) / DAY);
}

/** Every day from one to another, both included, oldest first. */
export function daysFrom(first: string, last: string): string[] {
  return Array.from({ length: Math.max(0, daysBetween(first, last) + 1) }, (_, index) => plusDays(first, index));
}
