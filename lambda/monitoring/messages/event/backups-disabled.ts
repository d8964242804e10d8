import type { SourceReport } from '../../../../lib/private/contract/monitoring';
import { consoleOf, runbook } from '../links';
import { here, planOf, type Notice, type SiteView } from '../site-view';
import { span } from '../text';
import { databaseOf, protectedAs, text, type BusEvent } from './payload';

/** RDS says that automated backups of an instance are off. */
const DISABLED = 'RDS-EVENT-0028';

/** What goes with automated backups. */
const RDS_KEEPS: readonly SourceReport['kind'][] = ['point-in-time', 'snapshot', 'replicated'];

export function backupsDisabled(event: BusEvent, view: SiteView): Notice | undefined {
  const { source, detail, time } = event;
  if (source !== 'aws.rds' || text(detail.EventID) !== DISABLED) return undefined;
  const found = protectedAs(view, databaseOf(text(detail.SourceArn)));
  if (!found) return undefined;
  const { report, resource } = found;
  const { name, identifier, kind, objectives, sources } = resource;
  const needed = sources.some((one) => RDS_KEEPS.includes(one.kind));
  const promise = objectives
    ? `the RPO of ${span(objectives.rpoSeconds)} that plan ${report.plan} promises`
    : 'any promise';
  return {
    audiences: [report.alerts],
    message: {
      ...here(view),
      ...planOf(report),
      severity: needed ? 'page' : 'ticket',
      state: 'raised',
      // A moment and a cause of its own: whether they stay off the monitor sees, and nobody else would say that it is over. A
      // breach that comes hours after they were turned on again is another cause, and is told.
      cause: `${name} automated-backups-disabled`,
      title: `${name}: automated backups are off`,
      what: `Automated backups of ${name} (${identifier}) were disabled, and with them all that RDS kept for a restore to a point in time.`,
      since: time,
      means: `Nothing newer than the last recovery point can be restored, which cannot keep ${promise}.`,
      nextStep: `Turn them on: aws rds modify-db-instance --db-instance-identifier ${identifier} --backup-retention-period ${resource.retentionDays || 7} --apply-immediately; then find in CloudTrail who turned them off.`,
      links: [consoleOf.resource(view.region, kind, identifier), runbook(report.runbook, 'backups-disabled')],
      resources: [name],
    },
  };
}
