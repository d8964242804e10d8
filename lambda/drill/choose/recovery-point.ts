import {
  GetRecoveryPointRestoreMetadataCommand,
  paginateListRecoveryPointsByBackupVault,
  type BackupClient,
  type RecoveryPointByBackupVault,
} from '@aws-sdk/client-backup';
import { DescribeDBSnapshotsCommand, type DBInstance, type DBSnapshot, type RDSClient } from '@aws-sdk/client-rds';
import type {
  RecoveryPointSourceDefinition,
  ResourceDefinition,
  SourceFacts,
} from '../../../lib/private/contract/drill';
import { NamedError, nameOf } from '../../shared/named-error';
import { productionFacts } from './production';

interface Chosen {
  readonly arn: string;
  readonly createdAt: Date;
}

/**
 * The newest complete recovery point from before the declared disaster. Nothing here needs the protected instance: where it is
 * gone, or in another Region, only the comparison with production is missing.
 */
export async function recoveryPoint(
  { backup, rds }: { readonly backup: BackupClient; readonly rds: RDSClient },
  definition: RecoveryPointSourceDefinition,
  resource: ResourceDefinition,
  production: DBInstance | null,
  disasterAt: string,
): Promise<SourceFacts> {
  const resourceArn = definition.resourceArn.toLowerCase(); // as RDS and AWS Backup keep it
  const points = await listed(backup, definition.vault, resourceArn);
  const { arn, createdAt, snapshot, taken } = await chosen(rds, points, resourceArn, disasterAt);
  if (snapshot.Engine !== resource.engine) {
    throw new NamedError('NotDrillable', `${arn} is of ${snapshot.Engine}, the plan says ${resource.engine}`);
  }
  const instance = production?.DBInstanceArn?.toLowerCase() === resourceArn ? production : null;
  return {
    kind: 'recovery-point',
    identifier: snapshot.DBSnapshotIdentifier ?? '',
    arn,
    restorePoint: taken.toISOString(),
    latestRestorableTime: taken.toISOString(),
    engineVersion: snapshot.EngineVersion ?? '',
    instanceClass: instance?.DBInstanceClass ?? (await classWhenTaken(backup, definition.vault, arn)),
    allocatedStorageGib: snapshot.AllocatedStorage ?? 0,
    ...(instance && { production: productionFacts(instance) }),
    recoveryPoint: { vault: definition.vault, resourceArn, createdAt: createdAt.toISOString() },
  };
}

export async function listed(
  backup: BackupClient,
  vault: string,
  resourceArn: string,
): Promise<RecoveryPointByBackupVault[]> {
  const points: RecoveryPointByBackupVault[] = [];
  const filter = { BackupVaultName: vault, ByResourceArn: resourceArn };
  for await (const page of paginateListRecoveryPointsByBackupVault({ client: backup }, filter)) {
    points.push(...(page.RecoveryPoints ?? []));
  }
  return points;
}

/** The newest whose data is from before the declared disaster: a snapshot is taken some time after its recovery point was made. */
async function chosen(rds: RDSClient, points: readonly RecoveryPointByBackupVault[], of: string, disasterAt: string) {
  for (const { arn, createdAt } of completed(points, of)) {
    if (createdAt > new Date(disasterAt)) continue;
    const snapshot = await snapshotOf(rds, arn);
    const taken = snapshot.OriginalSnapshotCreateTime ?? snapshot.SnapshotCreateTime ?? createdAt;
    if (taken <= new Date(disasterAt)) return { arn, createdAt, snapshot, taken };
  }
  throw new NamedError(
    'NoRecoverySource',
    `${of} has no completed recovery point from before ${disasterAt}; in the vault there are: ${byStatus(points)}`,
  );
}

/** How many there are of each status. */
export function byStatus(points: readonly RecoveryPointByBackupVault[]): string {
  const statuses = new Map<string, number>();
  for (const { Status = 'unknown' } of points) statuses.set(Status, (statuses.get(Status) ?? 0) + 1);
  return [...statuses].map(([status, count]) => `${count} ${status}`).join(', ') || 'none';
}

/**
 * Newest first. COMPLETED alone can be relied on: PARTIAL lacks something, EXPIRED and DELETING may be gone before the restore has
 * read them, CREATING is not there yet, AVAILABLE and STOPPED are continuous backups, which are points in time. Whose a recovery
 * point is no ARN of a snapshot says, so it is compared here.
 */
export function completed(points: readonly RecoveryPointByBackupVault[], resourceArn: string): Chosen[] {
  return points
    .flatMap(({ RecoveryPointArn: arn, CreationDate: createdAt, Status, ResourceArn, IsParent }) =>
      arn &&
      createdAt &&
      isSnapshot(arn) &&
      Status === 'COMPLETED' &&
      ResourceArn?.toLowerCase() === resourceArn &&
      !IsParent
        ? [{ arn, createdAt }]
        : [],
    )
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

/** `arn:aws:rds:<region>:<account>:snapshot:awsbackup:...`, also of copies. */
function isSnapshot(arn: string): boolean {
  return /^arn:[^:]+:rds:[^:]+:\d+:snapshot:awsbackup:/.test(arn);
}

/** The snapshot behind a recovery point, which says when its data is from and what runs it. */
async function snapshotOf(rds: RDSClient, arn: string): Promise<DBSnapshot> {
  const identifier = arn.split(':').slice(6).join(':');
  let snapshot: DBSnapshot | undefined;
  try {
    const answer = await rds.send(
      new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: identifier, SnapshotType: 'awsbackup' }),
    );
    snapshot = answer.DBSnapshots?.[0];
  } catch (error) {
    if (nameOf(error) !== 'DBSnapshotNotFoundFault') throw error;
  }
  if (snapshot?.Status === 'available') return snapshot;
  throw new NamedError(
    'NoRecoverySource',
    `the snapshot of recovery point ${arn} is ${snapshot?.Status ?? 'gone'}, though AWS Backup says that it is complete`,
  );
}

/** The class that the instance had. Read by its name alone: the rest of the metadata points into production. */
async function classWhenTaken(backup: BackupClient, vault: string, arn: string): Promise<string> {
  const { RestoreMetadata } = await backup.send(
    new GetRecoveryPointRestoreMetadataCommand({ BackupVaultName: vault, RecoveryPointArn: arn }),
  );
  const entry = Object.entries(RestoreMetadata ?? {}).find(([key]) => key.toLowerCase() === 'dbinstanceclass');
  return entry?.[1] ?? '';
}
