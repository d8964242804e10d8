import { automatedBackups } from './automated-backups';
import { bucket } from './bucket';
import type { Draft } from './draft';
import { gone, stopped } from './presence';
import { replication } from './replication';
import type { Subject } from './subject';

/** Everything that stands in the way of recovering one resource, or will. */
export function findingsOf(subject: Subject): Draft[] {
  return [gone, stopped, automatedBackups, replication, bucket].flatMap((find) => find(subject));
}
