import { consoleOf, runbook } from '../links';
import { everybody, here, planOf, type Notice, type SiteView } from '../site-view';
import { protectedAs, text, texts, type Asks, type BusEvent, type Snapshot } from './payload';
import { apiCallOf } from './trail';

/** The calls that share snapshots, and the parameter that names one. */
const CALLS: Readonly<Record<string, { readonly kind: Snapshot['kind']; readonly parameter: string }>> = {
  ModifyDBSnapshotAttribute: { kind: 'db-instance', parameter: 'dBSnapshotIdentifier' },
  ModifyDBClusterSnapshotAttribute: { kind: 'db-cluster', parameter: 'dBClusterSnapshotIdentifier' },
};

/** A snapshot of a protected database can be restored by another account, or by everybody. */
export async function snapshotShared(event: BusEvent, view: SiteView, asks: Asks): Promise<Notice | undefined> {
  const call = apiCallOf(event);
  const shares = call && CALLS[call.name];
  if (!call || !shares || call.refused || text(call.parameters.attributeName) !== 'restore') return undefined;
  const given = texts(call.parameters.valuesToAdd);
  const identifier = text(call.parameters[shares.parameter]);
  if (!identifier || given.length === 0) return undefined;
  const database = await asks.databaseOf({ kind: shares.kind, identifier: identifier.replace(/^arn:.*snapshot:/, '') });
  const found = protectedAs(view, database);
  // Of a snapshot that is gone already nobody can tell what it was of: that is worth a look, and nobody's sleep.
  if (database && !found) return undefined;
  const everyone = given.includes('all');
  const whose = found?.resource.name ?? 'a database that is not known any more';
  const whom = everyone ? 'everybody' : `account ${given.join(', ')}`;
  return {
    audiences: found ? [found.report.alerts] : everybody(view),
    message: {
      ...here(view),
      ...(found && planOf(found.report)),
      severity: found ? 'page' : 'ticket',
      state: 'raised',
      cause: `snapshot shared ${identifier} ${whom}`,
      title: `${found?.resource.name ?? identifier}: a snapshot was ${everyone ? 'made public' : 'shared'}`,
      what: `${call.who} shared snapshot ${identifier} of ${whose} with ${whom}.`,
      since: event.time,
      means: `${everyone ? 'Anybody with an AWS account' : 'That account'} can restore it and read all of its data, and keeps a copy when the sharing ends.`,
      nextStep: `If nobody knows why, take it back now: aws rds ${shares.kind === 'db-instance' ? 'modify-db-snapshot-attribute --db-snapshot-identifier' : 'modify-db-cluster-snapshot-attribute --db-cluster-snapshot-identifier'} ${identifier} --attribute-name restore --values-to-remove ${given.join(' ')}`,
      links: [
        consoleOf.trail(view.region, call.id),
        consoleOf.snapshots(view.region),
        runbook(found?.report.runbook, 'snapshot-shared'),
      ],
      resources: found ? [found.resource.name] : [],
    },
  };
}
