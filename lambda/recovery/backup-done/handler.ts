import { RDSClient } from '@aws-sdk/client-rds';
import { now, plusSeconds, secondsBetween } from '../../shared/clock';
import { required, seconds } from '../../shared/environment';
import { log } from '../../shared/log';
import { NamedError, nameOf } from '../../shared/named-error';
import { tagValue } from '../../shared/tags';
import type { BackupData, BackupRequest } from '../backup-start/handler';
import { createSnapshot, findSnapshot, isBusy, type DatabaseSnapshot } from '../database-snapshots';
import { changeName, preDeploymentTags, SNAPSHOT_TAGS } from '../snapshots';

/** The request, with what the first function answered. */
export type BackupQuestion = BackupRequest & { readonly Data?: BackupData };

const rds = new RDSClient();

/**
 * Takes the snapshot unless it is there, and asks whether it is available. CloudFormation shows what is thrown here; whatever
 * should come after the backup is then not deployed.
 */
export const handler = async (event: BackupQuestion): Promise<{ readonly IsComplete: boolean }> => {
  if (event.RequestType === 'Delete' || !event.Data) return { IsComplete: true };
  const { Snapshot: name, StartedAt } = event.Data;
  const { Kind: kind, Identifier: identifier } = event.ResourceProperties;
  const elapsed = secondsBetween(StartedAt, now());
  const snapshot = await findSnapshot(rds, kind, name);
  if (!snapshot) {
    const obstacle = await take(event, event.Data, elapsed);
    if (obstacle) requireTime(event, elapsed, `could not be taken yet: ${obstacle}`);
    return { IsComplete: false };
  }
  requireOurs(event, snapshot);
  if (snapshot.status === 'available') return { IsComplete: true };
  if (snapshot.status !== 'creating') {
    throw new NamedError(
      'SnapshotFailed',
      `snapshot ${name} of ${identifier} is ${snapshot.status}: nothing that needs it is deployed. Read the database's events in RDS, then deploy again.`,
    );
  }
  requireTime(event, elapsed, `is still creating, ${snapshot.percent} % done; it goes on`);
  return { IsComplete: false };
};

/** @returns what keeps the snapshot from being taken now and may pass; undefined when it was taken. */
async function take(event: BackupQuestion, data: BackupData, elapsed: number): Promise<string | undefined> {
  const { Kind, Identifier, Resource, RetentionDays, Version } = event.ResourceProperties;
  const made = {
    site: required('SITE'),
    resource: Resource,
    expires: plusSeconds(now(), Number(RetentionDays) * 86_400),
  };
  const change = { change: changeOf(event), previous: data.Previous, version: Version };
  try {
    const tags = preDeploymentTags(made, change);
    await createSnapshot(rds, { kind: Kind, database: Identifier, snapshot: data.Snapshot, tags });
    log.info('snapshot asked for', { snapshot: data.Snapshot, resource: Resource });
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (isBusy(error)) return said;
    switch (nameOf(error)) {
      case 'AccessDenied':
        // The policy is as new as this deployment, and IAM takes a while to know it everywhere.
        if (elapsed < seconds('PERMISSION_SECONDS')) return said;
        throw error;
      case 'SnapshotQuotaExceededFault':
        throw new NamedError(
          'SnapshotQuotaExceeded',
          `no snapshot of ${Identifier} can be taken, since the account has as many manual snapshots as it may: remove some or raise the quota, then deploy again. ${said}`,
        );
      default:
        throw error;
    }
  }
}

/** A snapshot of this name that somebody else made is no backup of this change. */
function requireOurs(event: BackupQuestion, { identifier, database, tags }: DatabaseSnapshot) {
  const ours =
    tagValue(tags, SNAPSHOT_TAGS.site) === required('SITE') &&
    tagValue(tags, SNAPSHOT_TAGS.change) === changeOf(event) &&
    database === event.ResourceProperties.Identifier;
  if (!ours) throw new NamedError('NameTaken', `snapshot ${identifier} exists and is no backup of this change`);
}

function requireTime(event: BackupQuestion, elapsed: number, what: string): void {
  const patience = seconds('SNAPSHOT_SECONDS');
  if (elapsed < patience) return;
  const { Identifier, Resource } = event.ResourceProperties;
  throw new NamedError(
    'SnapshotTooSlow',
    [
      `after ${Math.round(patience / 60)} minutes snapshot ${event.Data?.Snapshot} of ${Identifier} ${what}.`,
      'CloudFormation waits for an hour at most, so nothing that needs it is deployed.',
      `Back up before the deployment instead: npx cdk-recoverable backup-now ${Resource} --reason "..." --wait`,
    ].join(' '),
  );
}

function changeOf({ ResourceProperties }: BackupQuestion): string {
  return changeName(required('PREFIX'), ResourceProperties);
}
