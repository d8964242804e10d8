import type { ObjectivesDefinition } from '../../../../lib/private/contract/drill';
import type { ResourceReport } from '../../../../lib/private/contract/monitoring';
import type { Reported } from '../../reports';
import { consoleOf, runbook } from '../links';
import type { Message } from '../message';
import { everybody, here, planOf, type Notice, type SiteView } from '../site-view';
import { span, when } from '../text';
import { protectedAs, resourceOf, text, type BusEvent } from './payload';

type Kind = 'backup' | 'copy' | 'restore';

const KINDS: Readonly<Record<string, Kind>> = {
  'Backup Job State Change': 'backup',
  'Copy Job State Change': 'copy',
  'Restore Job State Change': 'restore',
};

const BAD = ['FAILED', 'EXPIRED', 'ABORTED', 'PARTIAL'];

/** A job of AWS Backup that did not end as it should. */
export function jobEnded(event: BusEvent, view: SiteView): Notice | undefined {
  const kind = event.source === 'aws.backup' ? KINDS[event['detail-type']] : undefined;
  const ended = kind && howItEnded(kind, event.detail);
  if (!ended || isOfDrill(kind, event, view)) return undefined;
  const arn = text(event.detail[kind === 'restore' ? 'sourceResourceArn' : 'resourceArn']);
  const found = protectedAs(view, resourceOf(arn));
  // A restore job need not say what it restores; the site's vault holds nothing but what is protected.
  if (!found && !(kind === 'restore' && !arn && vaultOf(event.detail) === vaultName(view))) return undefined;
  return {
    message: messageOf(kind, ended, event, view, found),
    audiences: found ? [found.report.alerts] : everybody(view),
  };
}

/** Restore jobs say `status` where the others say `state`; one that completed with issues is COMPLETED beside a message. */
function howItEnded(kind: Kind, detail: BusEvent['detail']): { state: string; reason?: string } | undefined {
  const state = text(kind === 'restore' ? (detail.status ?? detail.state) : detail.state);
  const reason = text(detail.statusMessage)
    ?.replace(/^"+|"+$/g, '')
    .trim();
  if (state === 'COMPLETED') return reason ? { state: 'completed with issues', reason } : undefined;
  return state && BAD.includes(state) ? { state, reason } : undefined;
}

/** Drills say themselves how they ended. */
function isOfDrill(kind: Kind, { detail }: BusEvent, { prefix, restoreRoles }: SiteView): boolean {
  const created = resourceOf(text(detail.createdResourceArn))?.identifier ?? '';
  return created.startsWith(prefix) || (kind === 'restore' && restoreRoles.includes(text(detail.iamRoleArn) ?? ''));
}

function messageOf(
  kind: Kind,
  { state, reason }: { state: string; reason?: string },
  event: BusEvent,
  view: SiteView,
  found: Reported | undefined,
): Message {
  const name = found?.resource.name ?? 'a protected resource';
  const begun = text(event.detail.creationDate) ?? event.time;
  const vault = vaultOf(event.detail);
  const why = reason ? `: ${reason.replace(/\.$/, '')}` : '';
  return {
    ...here(view),
    ...(found && planOf(found.report)),
    severity: 'ticket',
    state: 'raised',
    // What begins in one hour, into one vault, and ends for one reason has one cause.
    cause: `${kind} jobs ${vault ?? ''} ${state} ${begun.slice(0, 13)} ${withoutNames(reason)}`,
    title: `${name}: ${kind} job ${state}`,
    what: `The ${kind} job of ${name}${vault ? ` ${kind === 'restore' ? 'from' : 'into'} vault ${vault}` : ''} that began ${when(begun)} ended ${state}${why}.`,
    since: event.time,
    means: meaning(kind, found?.resource.objectives ?? undefined),
    nextStep: `Read the job in AWS Backup, with others of the same hour and reason, mend that${kind === 'restore' ? '' : `, and ${again(kind, name, found?.resource.kind, view)}`}.`,
    links: [consoleOf.jobs(view.region, kind), runbook(found?.report.runbook, 'job-failed')],
    resources: found ? [found.resource.name] : [],
  };
}

function meaning(kind: Kind, objectives: Partial<ObjectivesDefinition> | undefined): string {
  const promise = objectives?.rpoSeconds ? ` of ${span(objectives.rpoSeconds)}` : '';
  if (kind === 'restore')
    return 'Whoever waits for this restore waits in vain; whether the recovery point can be restored is not shown.';
  const newest = kind === 'copy' ? 'newest copy' : 'newest recovery point';
  return `Until one succeeds the ${newest} grows older, and one recovery source less stands for the RPO${promise}.`;
}

function again(kind: Kind, name: string, of: ResourceReport['kind'] | undefined, { site }: SiteView): string {
  if (kind === 'copy') return 'copy the newest recovery point by hand where the next copy is days away';
  if (of === 'bucket') return 'start an on-demand backup in AWS Backup where the next one is days away';
  return `take a backup now with npx recoverable backup-now ${name} --site ${site} --reason "<why>"`;
}

function vaultOf(detail: BusEvent['detail']): string | undefined {
  const named = text(detail.backupVaultName);
  const arn = text(detail.destinationBackupVaultArn) ?? text(detail.backupVaultArn);
  return named ?? arn?.split(':backup-vault:')[1];
}

/** The site's own vault has the site's prefix as its name. */
export function vaultName({ prefix }: SiteView): string {
  return prefix.replace(/-$/, '');
}

/** A reason without what differs between two jobs that end for it. */
function withoutNames(reason = ''): string {
  return reason
    .replace(/arn:\S+|"[^"]*"|\S*\d\S*/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
}
