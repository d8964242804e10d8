import { type DrillRecord, recordOf } from '../../../rehearsal/rehearse/record';
import type { DrillSchedule, RehearsedSite } from '../../../rehearsal/rehearse/site';

/** Drilled as `Plan/Uploads`. */
export const BUCKET = 'acme-uploads';

/** Keys as people make them. */
export const NAMES = [
  'invoices/1.pdf',
  'invoices/2 of 3+4.pdf',
  'invoices/ünï/%41/..//x',
  'invoices/two\nlines',
  'photos/1.jpg',
  'photos/empty',
];

export const contentOf = (key: string) => Buffer.from(key.endsWith('empty') ? '' : `content of ${key}`);

export const bytesOf = (names: readonly string[]) => names.reduce((sum, key) => sum + contentOf(key).length, 0);

export const seconds = (n: number) => new Promise((resolve) => setTimeout(resolve, n * 1000));

/** The files have been in the bucket for so many hours. */
export function fill({ account: { s3 } }: RehearsedSite, hours = 2): void {
  const at = new Date(Date.now() - hours * 3_600_000);
  s3.fill(
    BUCKET,
    NAMES.map((key) => ({ key, size: contentOf(key).length, read: () => contentOf(key), at })),
  );
}

export function scheduleNamed(site: RehearsedSite, name: string): DrillSchedule {
  return site.schedules().find(({ definition }) => definition.drill === `Plan/Uploads/${name}`)!;
}

/** Runs one to its end. */
export async function drillOf(site: RehearsedSite, name: string, at: Date): Promise<DrillRecord> {
  const running = site.drill(scheduleNamed(site, name), at);
  await running.ended;
  return recordOf(site, 'Plan/Uploads', running);
}
