import type { Finding, MonitorReport } from '../../../lib/private/contract/monitoring';
import { monitorStatus } from './monitors';
import type { ReadShard, ReadSite } from './read';
import type { ResourceStatus, SiteStatus, StatusReport } from './report';
import { resourcesOf } from './resources';

type State = StatusReport['state'];

/** What the reports of monitors say of an account at a moment. */
export function judge(read: readonly ReadSite[], region: string, at: string): StatusReport {
  const sites = read.map((one) => siteStatus(one, at));
  return { schema: 'cdk-recoverable/status/v1', at, region, state: worst(sites.map(({ state }) => state)), sites };
}

function siteStatus({ site, shards }: ReadSite, at: string): SiteStatus {
  const watched = shards.map((shard) => ({ shard, monitor: monitorStatus(shard, at) }));
  const resources = watched.flatMap(({ shard, monitor }) => resourcesOf(shard, monitor, at));
  const findings = shards.flatMap((shard) => findingsOf(shard));
  const state = worst([
    // A site without a monitor has nobody who looks at it.
    ...(shards.length === 0 ? ['unknown' as const] : []),
    ...watched.map(({ monitor }) => (monitor.state === 'watching' ? 'fresh' : 'unknown')),
    ...resources.map(stateOf),
    ...findings.map(ofFinding),
  ]);
  return { site, state, monitors: watched.map(({ monitor }) => monitor), resources, findings };
}

function findingsOf({ report }: ReadShard): SiteStatus['findings'] {
  const { findings = [], plan = '' } = report ?? ({} as Partial<MonitorReport>);
  return findings.map((finding) => ({ ...finding, plan }));
}

/** Of one resource, all that is known of it together. */
export function stateOf({ recoverable, proven, findings }: ResourceStatus): State {
  return worst([
    recoverable.state === 'not-promised' ? 'fresh' : recoverable.state,
    proven.state === 'overdue' ? 'stale' : proven.state === 'unknown' ? 'unknown' : 'fresh',
    ...findings.map(ofFinding),
  ]);
}

/** What may wait for the weekly digest makes nothing stale. */
function ofFinding({ severity }: Finding): State {
  return severity === 'digest' ? 'fresh' : 'stale';
}

function worst(states: readonly State[]): State {
  return states.includes('stale') ? 'stale' : states.includes('unknown') ? 'unknown' : 'fresh';
}
