import type { Finding, MonitorReport } from '../../../lib/private/contract/monitoring';
import { runbook } from '../messages/links';
import type { Message } from '../messages/message';
import { cut } from '../messages/text';
import { named } from './keys';
import { TITLES } from './titles';

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
  const title = `: ${id in TITLES ? TITLES[id as keyof typeof TITLES] : id}`;
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
