import type { Finding, MonitorReport } from '../../../lib/private/contract/monitoring';
import { same } from '../findings/draft';

/** A finding that began or is over, or of which that could not be said before. */
export interface News {
  readonly finding: Finding;
  readonly state: 'raised' | 'cleared';
  /** `<plan>/<resource>`; absent: a finding of the shard. */
  readonly resource?: string;
}

type Found = Pick<News, 'finding' | 'resource'>;

/**
 * What is to be said after a run. What lasts is said again in full runs, so that it is known to last; whoever sends it tells nobody
 * twice. What is for reading alone waits for the weekly digest.
 */
export function news(before: MonitorReport | undefined, after: MonitorReport, full: boolean): News[] {
  const [was, is] = [before ? found(before) : [], found(after)];
  const unsaid = before?.unsaid ?? [];
  const began = ({ finding }: Found) =>
    full || unsaid.some((one) => same(one, finding)) || !was.some((one) => sameAndAsLoud(one.finding, finding));
  const over = ({ finding }: Found) => !is.some((one) => one.finding.cause === finding.cause);
  const ended = [...was, ...unsaid.map((finding): Found => ({ finding }))].filter(over);
  return [
    ...once(is.filter(began)).map((one): News => ({ ...one, state: 'raised' })),
    ...once(ended).map((one): News => ({ ...one, state: 'cleared' })),
  ];
}

function found({ resources, tagged, findings }: MonitorReport): Found[] {
  const all = [...resources, ...tagged.flatMap((tag) => tag.resources)];
  return [
    ...findings.map((finding): Found => ({ finding })),
    ...all.flatMap(({ name, findings: own }) => own.map((finding): Found => ({ finding, resource: name }))),
  ].filter(({ finding }) => finding.severity !== 'digest');
}

function sameAndAsLoud(one: Finding, other: Finding): boolean {
  return same(one, other) && one.severity === other.severity;
}

/** A database that is watched twice has its findings twice. */
function once(all: readonly Found[]): Found[] {
  return all.filter(({ finding }, i) => all.findIndex((one) => same(one.finding, finding)) === i);
}
