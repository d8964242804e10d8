import type { Finding, MonitorReport } from '../../../lib/private/contract/monitoring';
import { runbook } from '../messages/links';
import type { Message } from '../messages/message';
import { cut } from '../messages/text';
import { named } from './keys';

/** Headlines by id of the finding. */
const TITLES: Readonly<Record<string, string>> = {
  'automated-backups-off': 'automated backups are off',
  'retention-lowered': 'backups are kept too short',
  'window-short': 'point-in-time history is short',
  'resource-gone': 'the database is gone',
  'resource-stopped': 'the database is stopped',
  'replication-gone': 'backups are not replicated',
  'key-unusable': 'the encryption key is unusable',
  'key-policy': 'a key policy would stop a restore',
  'key-unseen': 'a key could not be looked at',
  'vault-gone': 'the backup vault is gone',
  'vault-unseen': 'a backup vault could not be looked at',
  'quota-near': 'a quota of RDS is nearly used up',
  'opt-in-off': 'AWS Backup is not opted in',
};

export type Shard = Pick<MonitorReport, 'site' | 'region' | 'plan' | 'owner' | 'runbook'>;

/** What people are told of a finding when it begins and when it is over. @param resources whom it concerns; may be nobody in particular */
export function messageOf(
  finding: Finding,
  state: Message['state'],
  { site, region, plan, owner, runbook: given }: Shard,
  resources: readonly string[],
): Message {
  const { severity, cause, what, since, means, nextStep, id } = finding;
  const subject = resources.length > 0 ? named(resources) : `plan ${plan}`;
  const title = `: ${TITLES[id] ?? id}`;
  return {
    severity,
    state,
    cause,
    lasting: true,
    title: cut(subject, 79 - title.length) + title,
    what,
    since,
    means,
    nextStep,
    links: [runbook(given, 'finding')],
    site,
    region,
    plan,
    owner,
    resources,
  };
}
