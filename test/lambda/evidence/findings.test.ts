import type { ProductionSettings } from '../../../lib/private/contract/drill';
import { findingsOf, RETENTION_DAYS } from '../../../lambda/evidence/findings';
import { page } from '../../../lambda/evidence/page/page';
import { MANAGED_RETENTION } from '../../../lib/private/databases/managed-database';
import { evidenceOf, FACTS, STATE } from './samples';

const source = { ...STATE.source!, production: STATE.source!.production! };

function found(settings: Partial<ProductionSettings>) {
  const production = { ...source.production, settings: { ...source.production.settings, ...settings } };
  return findingsOf('orders-production', { ...source, production });
}

const line = (option: string) =>
  `aws rds modify-db-instance --region eu-west-1 --db-instance-identifier orders-production ${option} --apply-immediately`;

test('an instance as a plan would set it has none, nor has one that was never seen', () => {
  expect(found({})).toEqual([]);
  expect(findingsOf('orders-production', undefined)).toEqual([]);
});

test.each([
  [{ backupRetentionDays: 6 }, 'Automated backups are kept for 6 days', line('--backup-retention-period 7')],
  [{ backupRetentionDays: 1 }, 'Automated backups are kept for 1 day:', line('--backup-retention-period 7')],
  [{ backupRetentionDays: 1, continuousAwsBackup: true }, 'AWS Backup owns the retention', undefined],
  [{ deletionProtection: false }, 'Deletion protection is off', line('--deletion-protection')],
  [{ copyTagsToSnapshot: false }, 'Tags are not copied', line('--copy-tags-to-snapshot')],
  [{ encrypted: false }, 'not encrypted', undefined],
])('%j is a finding with the line that mends it', (settings, words, command) => {
  expect(found(settings)).toEqual([{ sentence: expect.stringContaining(words), ...(command && { command }) }]);
});

test('findings ask of every instance what a plan sets on those of its app', () => {
  expect(RETENTION_DAYS).toBe(MANAGED_RETENTION);
});

test('evidence carries them without changing the verdict, and the page shows sentence and line', () => {
  const settings = { ...source.production.settings, deletionProtection: false };
  const production = { ...source.production, settings };
  const evidence = evidenceOf({ ...FACTS, state: { ...STATE, source: { ...source, production } } });
  expect(evidence.verdict).toBe('PASSED');
  expect(evidence.findings).toHaveLength(1);
  expect(page(evidence)).toContain('Findings in production');
  expect(page(evidence)).toContain(line('--deletion-protection'));
  expect(page({ ...evidence, findings: [] })).not.toContain('Findings in production');
});
