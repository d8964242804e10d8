import { backupsDisabled } from './event/backups-disabled';
import { deletionAttempted } from './event/deletion';
import { foreignRestore } from './event/foreign-restore';
import { jobEnded } from './event/jobs';
import type { Asks, BusEvent } from './event/payload';
import { snapshotShared } from './event/snapshot-shared';
import type { Notice, SiteView } from './site-view';

/** What people are told of an event; undefined where it concerns nothing that is protected. */
export async function noticeOf(event: BusEvent, view: SiteView, asks: Asks): Promise<Notice | undefined> {
  return (
    jobEnded(event, view) ??
    backupsDisabled(event, view) ??
    deletionAttempted(event, view) ??
    (await snapshotShared(event, view, asks)) ??
    (await foreignRestore(event, view, asks))
  );
}
