import type { Finding, MonitorReport } from '../../../lib/private/contract/monitoring';
import { same } from '../findings/draft';
import { found, reported, type Found } from '../reports';

/** A finding that began or is over, or of which that could not be said before. */
export interface News extends Found {
  readonly state: 'raised' | 'cleared';
}

/**
 * What is to be said after a run. What lasts is said again in full runs, so that it is known to last; whoever sends it tells nobody
 * twice.
 */
export function news(before: MonitorReport | undefined, after: MonitorReport, full: boolean): News[] {
  const [was, is] = [before ? found(before) : [], found(after)];
  const unsaid = before?.unsaid ?? [];
  const began = ({ finding }: Found) =>
    full || unsaid.some((one) => same(one, finding)) || !was.some((one) => sameAndAsLoud(one.finding, finding));
  const over = ({ finding }: Found) => !is.some((one) => one.finding.cause === finding.cause);
  const names = reported([after]).map(({ resource }) => resource.name);
  const ended = [...was, ...unsaid.map((finding) => ofOne(finding, names))].filter(over);
  return [
    ...once(is.filter(began)).map((one): News => ({ ...one, state: 'raised' })),
    ...once(ended).map((one): News => ({ ...one, state: 'cleared' })),
  ];
}

/** Of one resource's findings the cause is its name, with or without what was found. */
function ofOne(finding: Finding, names: readonly string[]): Found {
  const resource = names.find((name) => `${finding.cause} `.startsWith(`${name} `));
  return { finding, ...(resource !== undefined && { resource }) };
}

function sameAndAsLoud(one: Finding, other: Finding): boolean {
  return same(one, other) && one.severity === other.severity;
}

/** A database that is watched twice has its findings twice. */
function once(all: readonly Found[]): Found[] {
  return all.filter(({ finding }, i) => all.findIndex((one) => same(one.finding, finding)) === i);
}
