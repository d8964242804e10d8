import type { DrillFacts, FilesSourceDefinition, SourceFacts } from '../../../lib/private/contract/drill';
import { NamedError } from '../../shared/named-error';

/**
 * Where files are restored from: the replica as it is, or the versions that the bucket kept, as of the declared disaster, which
 * undoes what was deleted or overwritten since. Whether there are any, restoring them finds out.
 */
export function files({ kind, bucket: of, prefix }: FilesSourceDefinition, { disasterAt }: DrillFacts): SourceFacts {
  const from = kind === 'replica' ? of.replica : of;
  if (!from) throw new NamedError('NoRecoverySource', `${of.name} has no replica`);
  const { bucket, region } = from;
  return {
    kind,
    identifier: bucket,
    arn: `arn:aws:s3:::${bucket}`,
    // What was there at the disaster; how much of it had been replicated, the checks find out.
    restorePoint: disasterAt,
    latestRestorableTime: disasterAt,
    engineVersion: '',
    instanceClass: '',
    allocatedStorageGib: 0,
    files: { bucket, region, prefix },
  };
}
