import { CreateDBSnapshotCommand, DescribeDBSnapshotsCommand, RDSClient, type DBSnapshot } from '@aws-sdk/client-rds';
import { now, plusSeconds, secondsBetween } from '../../shared/clock';
import { required, seconds } from '../../shared/environment';
import { log } from '../../shared/log';
import { NamedError, nameOf } from '../../shared/named-error';
import { tagValue } from '../../shared/tags';
import type { BackupData, BackupRequest } from '../backup-start/handler';
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
  const { Identifier: identifier } = event.ResourceProperties;
  const elapsed = secondsBetween(StartedAt, now());
  const snapshot = await find(name);
  if (!snapshot) {
    const obstacle = await take(event, event.Data, elapsed);
    if (obstacle) requireTime(event, elapsed, `could not be taken yet: ${obstacle}`);
    return { IsComplete: false };
  }
  requireOurs(event, snapshot);
  if (snapshot.Status === 'available') return { IsComplete: true };
  if (snapshot.Status !== 'creating') {
    throw new NamedError(
      'SnapshotFailed',
      `snapshot ${name} of ${identifier} is ${snapshot.Status}: nothing that needs it is deployed. Read the instance's events in RDS, then deploy again.`,
    );
  }
  requireTime(event, elapsed, `is still creating, ${snapshot.PercentProgress ?? 0} % done; it goes on`);
  return { IsComplete: false };
};

async function find(name: string): Promise<DBSnapshot | undefined> {
  try {
    const answer = await rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: name }));
    return answer.DBSnapshots?.[0];
  } catch (error) {
    if (nameOf(error) === 'DBSnapshotNotFoundFault') return undefined;
    throw error;
  }
}

/** @returns what keeps the snapshot from being taken now and may pass; undefined when it was taken. */
async function take(event: BackupQuestion, data: BackupData, elapsed: number): Promise<string | undefined> {
  const { Identifier, Resource, RetentionDays, Version } = event.ResourceProperties;
  const made = {
    site: required('SITE'),
    resource: Resource,
    expires: plusSeconds(now(), Number(RetentionDays) * 86_400),
  };
  const change = { change: changeOf(event), previous: data.Previous, version: Version };
  try {
    await rds.send(
      new CreateDBSnapshotCommand({
        DBInstanceIdentifier: Identifier,
        DBSnapshotIdentifier: data.Snapshot,
        Tags: preDeploymentTags(made, change),
      }),
    );
    log.info('snapshot started', { snapshot: data.Snapshot, resource: Resource });
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    switch (nameOf(error)) {
      case 'DBSnapshotAlreadyExistsFault': // a repeated call; the next round sees whose it is
        return undefined;
      case 'InvalidDBInstanceStateFault':
        return said;
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
function requireOurs(event: BackupQuestion, { DBSnapshotIdentifier: name, DBInstanceIdentifier, TagList }: DBSnapshot) {
  const ours =
    tagValue(TagList, SNAPSHOT_TAGS.site) === required('SITE') &&
    tagValue(TagList, SNAPSHOT_TAGS.change) === changeOf(event) &&
    DBInstanceIdentifier === event.ResourceProperties.Identifier;
  if (!ours) throw new NamedError('NameTaken', `snapshot ${name} exists and is no backup of this change`);
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
