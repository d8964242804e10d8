import { span } from '../messages/text';
import type { Draft } from './draft';
import type { Subject } from './subject';

/**
 * Automated backups that RDS no longer replicates. Replication that was never seen has the time that its source has: it begins
 * some time after the instance was told to replicate.
 */
export function replication({ name, identifier, region, report, before, profile }: Subject): Draft[] {
  if (report.status === 'gone') return [];
  return report.sources.flatMap((source) => {
    if (source.kind !== 'replicated' || source.newest !== undefined) return [];
    const was = before?.sources.find((one) => one.name === source.name && one.kind === source.kind);
    const known = before?.findings.some(({ id }) => id === 'replication-gone') ?? false;
    if (was?.newest === undefined && !known && source.ageSeconds <= source.allowedSeconds) return [];
    const promised = profile.regionLossRpoSeconds ?? profile.rpoSeconds;
    return [
      {
        id: 'replication-gone',
        severity: 'ticket' as const,
        cause: `${name} replication-gone`,
        what: `No automated backups of ${name} are replicated to ${source.region}.`,
        means: `After the loss of ${region} no recent moment of it could be restored; the objective for that is ${span(promised)}.`,
        nextStep: `Start it again: \`aws rds start-db-instance-automated-backups-replication --source-db-instance-arn <ARN of ${identifier}> --source-region ${region} --region ${source.region}\`, with \`--kms-key-id\` if it is encrypted.`,
      },
    ];
  });
}
