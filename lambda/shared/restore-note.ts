import type { DrillFacts } from '../../lib/private/contract/drill';
import { keys } from './keys';
import type { Store } from './store';

/**
 * What a drill leaves in the state bucket before it asks AWS Backup for a restore: a restore job takes no tags, so until its copy
 * is claimed this is how the sweeper knows whose it is.
 */
export interface RestoreNote {
  readonly site: string;
  readonly drill: string;
  readonly execution: string;
  readonly expires: string;
  /** The name that the copy will have. */
  readonly instance: string;
  readonly recoveryPoint: string;
  /** The same in every repetition: AWS Backup then answers the job that it has. */
  readonly token: string;
  /** When the restore was first asked for, RFC 3339. */
  readonly requestedAt: string;
  readonly startedAt: string;
}

/** Leaves the note, or reads back the one that an earlier attempt left. */
export async function leaveNote(
  state: Store,
  drill: DrillFacts,
  recoveryPoint: string,
  time: string,
): Promise<RestoreNote> {
  const note: RestoreNote = {
    site: drill.site,
    drill: drill.id,
    execution: drill.execution,
    expires: drill.expiresAt,
    instance: drill.names.instance,
    recoveryPoint,
    token: drill.names.instance,
    requestedAt: time,
    startedAt: drill.startedAt,
  };
  const key = keys.restoreNote(drill.id);
  if (await state.put(key, note, 'absent')) return note;
  return (await state.get<RestoreNote>(key))?.value ?? note;
}

/** The note about a copy, from nothing but its name; null when no drill of this site noted that it would make it. */
export async function noteOf(state: Store, prefix: string, instance: string): Promise<RestoreNote | null> {
  const id = instance.slice(prefix.length);
  if (!instance.startsWith(prefix) || !/^[0-9a-f]{20}$/.test(id)) return null;
  const note = await state.get<RestoreNote>(keys.restoreNote(id));
  return note?.value.instance === instance ? note.value : null;
}
