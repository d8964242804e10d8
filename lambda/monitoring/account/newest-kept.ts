import type { Lifecycle } from '@aws-sdk/client-backup';
import { later } from './facts';

/**
 * The newest of each database and each retention, however many there are: a tier counts what is kept at least as long as it says,
 * since of two that are due at once AWS Backup keeps the longer one alone.
 */
export class NewestKept {
  private readonly newest = new Map<string, string>();

  /** @param retentions in days; 0 for whatever is kept. */
  constructor(private readonly retentions: readonly number[]) {}

  add(resourceArn: string, createdAt: Date, lifecycle: Lifecycle | undefined): void {
    const kept = daysKept(lifecycle);
    for (const days of this.retentions) {
      if (kept < days) continue;
      const key = keyOf(resourceArn, days);
      this.newest.set(key, later(this.newest.get(key), createdAt.toISOString())!);
    }
  }

  get(resourceArn: string, days: number): string | undefined {
    return this.newest.get(keyOf(resourceArn, days));
  }
}

/** Without an end it is kept for ever; AWS Backup also writes that as -1. */
function daysKept({ DeleteAfterDays: days = -1 }: Lifecycle = {}): number {
  return days > 0 ? days : Infinity;
}

function keyOf(resourceArn: string, days: number): string {
  return `${days} ${resourceArn.toLowerCase()}`;
}
