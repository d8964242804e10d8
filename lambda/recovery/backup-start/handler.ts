import { RDSClient } from '@aws-sdk/client-rds';
import type { BackupProperties } from '../../../lib/private/contract/backup';
import { now } from '../../shared/clock';
import { required } from '../../shared/environment';
import { tagValue } from '../../shared/tags';
import { manualSnapshots, type DatabaseSnapshot } from '../database-snapshots';
import { changeName, SNAPSHOT_TAGS } from '../snapshots';
import { decide } from './decide';

/** A request of CloudFormation, as the provider framework hands it on. */
export interface BackupRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: BackupProperties;
}

export interface BackupStarted {
  readonly PhysicalResourceId?: string;
  /** Absent: there is nothing to wait for. */
  readonly Data?: BackupData;
}

export interface BackupData {
  readonly Snapshot: string;
  readonly StartedAt: string;
  /** The change before, for a way back. */
  readonly Previous?: string;
}

const rds = new RDSClient();

/**
 * Decides which snapshot a deployment waits for, and takes none itself: the next function does, and asks again while it may
 * not. Removing the construct removes no snapshot.
 */
export const handler = async (event: BackupRequest): Promise<BackupStarted> => {
  const deployed = event.PhysicalResourceId;
  if (event.RequestType === 'Delete') return { PhysicalResourceId: deployed };
  const change = changeName(required('PREFIX'), event.ResourceProperties);
  const isUpdate = event.RequestType === 'Update';
  const time = now();
  const snapshots = await ownSnapshots(event.ResourceProperties);
  const snapshot = decide({ requestId: event.RequestId, isUpdate, deployed, change }, snapshots, time);
  if (!snapshot) return { PhysicalResourceId: change };
  const previous = isUpdate && deployed ? { Previous: deployed } : {};
  return { PhysicalResourceId: change, Data: { Snapshot: snapshot, StartedAt: time, ...previous } };
};

async function ownSnapshots({ Kind, Identifier }: BackupProperties): Promise<DatabaseSnapshot[]> {
  const found = await manualSnapshots(rds, Kind, Identifier);
  return found.filter(({ tags }) => tagValue(tags, SNAPSHOT_TAGS.site) === required('SITE'));
}
