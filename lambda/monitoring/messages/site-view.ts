import type { CoverageReport } from '../../../lib/private/contract/history';
import type { MonitorReport } from '../../../lib/private/contract/monitoring';
import type { Message } from './message';
import { audienceKey, type AlertTopics } from './topic';

/** What is known of a site when something happens. */
export interface SiteView {
  readonly site: string;
  readonly region: string;
  /** Whatever bears it was made by the site: it is no production database, and nobody is told of it. */
  readonly prefix: string;
  /** ARNs of the roles under which the site itself restores. */
  readonly restoreRoles: readonly string[];
  readonly reports: readonly MonitorReport[];
  /** What is under no plan, where somebody looks for it. */
  readonly coverage?: CoverageReport;
  /** Who is told of what concerns the whole site; absent: everybody whom its plans tell. */
  readonly alerts?: AlertTopics;
  readonly now: string;
}

/** A message, and everybody who is to be told. */
export interface Notice {
  readonly message: Message;
  readonly audiences: readonly AlertTopics[];
}

/** What every message of a site says of it. */
export function here({ site, region }: SiteView): Pick<Message, 'site' | 'region'> {
  return { site, region };
}

/** What a message says of the plan that it concerns. */
export function planOf({ plan, owner }: MonitorReport): Pick<Message, 'plan' | 'owner'> {
  return { plan, owner };
}

/** Of what concerns no single plan. */
export function everybody({ alerts, reports }: SiteView): AlertTopics[] {
  if (alerts) return [alerts];
  const distinct = new Map(reports.map((report) => [audienceKey(report.alerts), report.alerts]));
  return [...distinct.values()];
}
