import type { SourceFacts } from '../../lib/private/contract/drill';
import type { Finding } from '../../lib/private/contract/evidence';
import { counted } from './text';

/** Days of automated backups below which damage found late in a week has no earlier moment left; what a plan sets where it may. */
export const RETENTION_DAYS = 7;

/**
 * Shortfalls in the settings of the protected instance, each with the line that mends it. Drills never modify production, so a
 * person runs it. Read from DescribeDBInstances when the source was chosen.
 */
export function findingsOf(identifier: string, source: SourceFacts | undefined): Finding[] {
  if (!source?.production) return [];
  const { settings } = source.production;
  const region = source.arn.split(':')[3] ?? '';
  const modify = (option: string) =>
    `aws rds modify-db-instance --region ${region} --db-instance-identifier ${identifier} ${option} --apply-immediately`;
  const findings: Finding[] = [];
  if (settings.backupRetentionDays < RETENTION_DAYS) {
    const sentence = `Automated backups are kept for ${counted(settings.backupRetentionDays, 'day')}: damage that is noticed later has no moment left to go back to.`;
    findings.push(
      settings.continuousAwsBackup
        ? { sentence: `${sentence} AWS Backup owns the retention: lengthen the continuous rule of its backup plan.` }
        : { sentence, command: modify(`--backup-retention-period ${RETENTION_DAYS}`) },
    );
  }
  if (!settings.deletionProtection) {
    findings.push({
      sentence: 'Deletion protection is off: one call removes the instance.',
      command: modify('--deletion-protection'),
    });
  }
  if (!settings.copyTagsToSnapshot) {
    findings.push({
      sentence: 'Tags are not copied to snapshots: these lose their owner, and what selects by tag misses them.',
      command: modify('--copy-tags-to-snapshot'),
    });
  }
  if (!settings.encrypted) {
    findings.push({
      sentence:
        'The instance is not encrypted, nor is any backup of it. Only a new instance can be: restore an encrypted copy of a snapshot.',
    });
  }
  return findings;
}
