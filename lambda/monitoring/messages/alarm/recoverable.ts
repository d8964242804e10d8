import type {
  MonitorReport,
  ResourceReport,
  SourceReport,
  WorstAge,
} from '../../../../lib/private/contract/monitoring';
import { plusSeconds } from '../../../shared/clock';
import { reported } from '../../reports';
import { consoleOf, runbook } from '../links';
import type { Message } from '../message';
import { here, planOf, type SiteView } from '../site-view';
import { span, when } from '../text';
import { audienceKey } from '../topic';

type Breach = ResourceReport & { readonly restorable: WorstAge };

/** What of the same people's cannot be restored for the same cause, the worst first. */
export function breaches({ reports }: SiteView, report: MonitorReport, cause: string): Breach[] {
  return reported(reports.filter((one) => audienceKey(one.alerts) === audienceKey(report.alerts)))
    .map(({ resource }) => resource)
    .filter((one): one is Breach => one.restorable?.cause === cause && one.restorable.ratio > 1)
    .sort((one, other) => other.restorable.ratio - one.restorable.ratio);
}

/** Recovery is not possible as promised: of one resource, or of all that have the cause in common. */
export function notRecoverable(view: SiteView, report: MonitorReport, worst: Breach, all: readonly Breach[]): Message {
  const { restorable } = worst;
  const others = all.length - 1;
  return {
    ...here(view),
    ...planOf(report),
    severity: 'page',
    state: 'raised',
    lasting: true,
    cause: restorable.cause,
    title: others > 0 ? `${worst.name} and ${others} more: ${short(worst)}` : `${worst.name}: ${short(worst)}`,
    what: what(worst, view.region) + (others > 0 ? ` So it is of ${others} more, for the same cause.` : ''),
    since: overdueSince(worst, report),
    means: means(worst, report.plan),
    nextStep: nextStep(worst, view.site),
    links: [
      consoleOf.resource(view.region, worst.kind, worst.identifier),
      ...where(worst, view.region),
      runbook(report.runbook, 'not-recoverable'),
    ],
    resources: all.length > 0 ? all.map(({ name }) => name) : [worst.name],
  };
}

function sourceOf({ restorable, sources }: Breach): SourceReport | undefined {
  return sources.find(({ name }) => name === restorable.of);
}

function short(breach: Breach): string {
  const { of, ageSeconds, newest } = breach.restorable;
  if (sourceOf(breach)?.blocked) return `nothing can be restored from ${of}`;
  if (of === 'rpo') return `restorable state is ${span(ageSeconds)} old`;
  if (of === 'regionLossRpo') return `state elsewhere is ${span(ageSeconds)} old`;
  return newest ? `${of} ${span(ageSeconds)} old` : `no ${of}`;
}

function what(breach: Breach, region: string): string {
  const { name, restorable } = breach;
  const { of, ageSeconds, allowedSeconds, newest } = restorable;
  const blocked = sourceOf(breach)?.blocked;
  if (blocked) return `Nothing can be restored from the ${of} of ${name}: ${blocked.replace(/\.$/, '')}.`;
  const age = `${newest ? `of ${when(newest)}, ` : ''}${span(ageSeconds)} old`;
  const allowed = `${span(allowedSeconds)} are allowed`;
  if (of === 'rpo') return `The newest state that ${name} could be restored to is ${age}; ${allowed}.`;
  if (of === 'regionLossRpo') return `The newest state of ${name} outside ${region} is ${age}; ${allowed}.`;
  if (newest) return `The newest of the ${of} of ${name} is ${age}; ${allowed}.`;
  return `${name} has no ${of}, ${span(ageSeconds)} after it was first seen; ${allowed}.`;
}

function overdueSince({ restorable, since }: Breach, report: MonitorReport): string {
  const due = plusSeconds(restorable.newest ?? since, restorable.allowedSeconds);
  return due < report.at ? due : report.at;
}

/** What is lost if the database is lost now, against what is promised. */
function means({ objectives, sources, restorable }: Breach, plan: string): string {
  const { rpoSeconds, regionLossRpoSeconds } = objectives ?? {};
  const promise =
    restorable.of === 'regionLossRpo' && regionLossRpoSeconds
      ? `plan ${plan} promises to lose at most ${span(regionLossRpoSeconds)} with the Region`
      : rpoSeconds
        ? `plan ${plan} promises to lose at most ${span(rpoSeconds)}`
        : `plan ${plan} promises nothing here`;
  const standing = sources
    .filter(({ newest, blocked, ratio }) => newest && !blocked && ratio <= 1)
    .sort((one, other) => (other.newest ?? '').localeCompare(one.newest ?? ''));
  const [best] = standing;
  if (!best?.newest) return `Nothing else stands for it: ${promise}.`;
  return `What can still be restored is ${best.name}, up to ${when(best.newest)}; ${promise}.`;
}

function nextStep(breach: Breach, site: string): string {
  const { identifier } = breach;
  const source = sourceOf(breach);
  const now = `take a backup now with npx recoverable backup-now ${breach.name} --site ${site} --reason "<why>"`;
  switch (source?.kind) {
    case 'recovery-point':
      return `Read in AWS Backup how the newest backup jobs of ${identifier} ended${breach.kind === 'bucket' ? ' and mend that' : `, mend that, and ${now}`}.`;
    case 'copy':
      return `Read in AWS Backup how the newest copy jobs of ${identifier} ended, and whether vault and key in ${source.region ?? 'the other Region'} are as they were.`;
    case 'continuous':
      return `Read in AWS Backup whether the continuous recovery point of bucket ${identifier} is STOPPED, and how its newest backup jobs ended; the bucket must keep versions and send its events to EventBridge, and the role of the backup plan be as it was deployed.`;
    case 'versions':
      return `See whether bucket ${identifier} is there and keeps versions.`;
    case 'replica':
      return `See in the S3 console of bucket ${identifier}, under Management, whether its replication rule is enabled, and whether role and keys of both buckets are as they were deployed; AWS Health says whether S3 is late in ${source.region ?? 'the other Region'}.`;
    case 'replicated':
      return `See in the RDS console of ${source.region ?? 'the other Region'}, under Automated backups, whether those of ${identifier} still replicate.`;
    default:
      if (breach.kind === 'bucket') {
        return `See whether bucket ${identifier} is there, keeps versions and replicates, and how its newest backup jobs ended.`;
      }
      return `See in the RDS console whether ${identifier} is available with automated backups on and storage left, read its events, and ${now}.`;
  }
}

function where(breach: Breach, region: string): Message['links'] {
  const source = sourceOf(breach);
  if (source?.kind === 'recovery-point' || source?.kind === 'continuous') return [consoleOf.jobs(region, 'backup')];
  return source?.kind === 'copy' ? [consoleOf.jobs(region, 'copy')] : [];
}
