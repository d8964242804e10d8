import type { Reported } from '../../reports';
import { consoleOf, runbook } from '../links';
import { here, planOf, type Notice, type SiteView } from '../site-view';
import {
  databaseOf,
  protectedAs,
  protectedById,
  snapshotOf,
  text,
  type Asks,
  type BusEvent,
  type Database,
} from './payload';
import { apiCallOf, type ApiCall } from './trail';

/** Calls that make a copy of a database from its backups. */
const CALLS = [
  'RestoreDBInstanceToPointInTime',
  'RestoreDBInstanceFromDBSnapshot',
  'RestoreDBClusterToPointInTime',
  'RestoreDBClusterFromSnapshot',
  'StartRestoreJob',
];

/** A copy of production that no drill made. */
export async function foreignRestore(event: BusEvent, view: SiteView, asks: Asks): Promise<Notice | undefined> {
  const call = apiCallOf(event);
  if (!call || !CALLS.includes(call.name) || view.restoreRoles.includes(call.role ?? '')) return undefined;
  // What AWS Backup restores was told when somebody asked it to.
  if (call.invokedBy === 'backup.amazonaws.com') return undefined;
  const found = await sourceOf(call, view, asks);
  if (!found) return undefined;
  const { report, resource } = found;
  const target = targetOf(call);
  const did = call.refused
    ? `tried to restore a copy of ${resource.name} and was refused (${call.refused})`
    : `began to restore a copy of ${resource.name}`;
  return {
    audiences: [report.alerts],
    message: {
      ...here(view),
      ...planOf(report),
      severity: 'ticket',
      state: 'raised',
      cause: `restore ${resource.name} ${call.who}`,
      title: `${resource.name}: restored by somebody else than a drill`,
      what: `${call.who} ${did}${target ? `, as ${target}` : ''} (${call.name}).`,
      since: event.time,
      means:
        'A recovery is under way, or somebody makes a copy of production data that no drill checks and none removes.',
      nextStep: 'Ask who that is and why; remove the copy when it is not needed any more.',
      links: [
        consoleOf.trail(view.region, call.id),
        consoleOf.resource(view.region, resource.kind, resource.identifier),
        runbook(report.runbook, 'foreign-restore'),
      ],
      resources: [resource.name],
    },
  };
}

/** What is restored, where it is protected. */
async function sourceOf({ parameters: of }: ApiCall, view: SiteView, asks: Asks): Promise<Reported | undefined> {
  const byId = text(of.sourceDbiResourceId) ?? text(of.sourceDbClusterResourceId);
  if (byId) return protectedById(view, byId);
  const instance = text(of.sourceDBInstanceIdentifier);
  if (instance) return protectedAs(view, { kind: 'db-instance', identifier: plain(instance) });
  const cluster = text(of.sourceDBClusterIdentifier);
  if (cluster) return protectedAs(view, { kind: 'db-cluster', identifier: plain(cluster) });
  return protectedAs(view, await throughSnapshot(of, asks));
}

async function throughSnapshot(of: ApiCall['parameters'], asks: Asks): Promise<Database | undefined> {
  const point = snapshotOf(text(of.recoveryPointArn));
  if (point) return asks.databaseOf(point);
  const instance = text(of.dBSnapshotIdentifier);
  if (instance) return asks.databaseOf({ kind: 'db-instance', identifier: withoutArn(instance) });
  const cluster = text(of.dBClusterSnapshotIdentifier) ?? text(of.snapshotIdentifier);
  return cluster ? asks.databaseOf(snapshotOf(cluster) ?? { kind: 'db-cluster', identifier: cluster }) : undefined;
}

function plain(identifier: string): string {
  return databaseOf(identifier)?.identifier ?? identifier;
}

function withoutArn(identifier: string): string {
  return snapshotOf(identifier)?.identifier ?? identifier;
}

function targetOf({ parameters: of }: ApiCall): string | undefined {
  return text(of.targetDBInstanceIdentifier) ?? text(of.dBInstanceIdentifier) ?? text(of.dBClusterIdentifier);
}
