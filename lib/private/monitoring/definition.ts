import type { FreshnessMonitorProps } from '../../monitoring/freshness-monitor';
import { renderAlerts } from '../alerts';
import type { MonitorDefinition, MonitorProfile } from '../contract/monitoring';
import type { Watched, WatchedTagged } from './watched';

export interface MonitorParts extends FreshnessMonitorProps {
  readonly shard: string;
  readonly resources: readonly Watched[];
  readonly tagged: readonly WatchedTagged[];
}

export function renderMonitor(parts: MonitorParts): MonitorDefinition {
  const { site, planName, owner, alerts, interval, options = {} } = parts;
  const profiles = new Profiles();
  const resources = parts.resources.map(({ resourceName: name, alarms: _, provenSeconds, profile, ...resource }) => ({
    name,
    ...resource,
    profile: profile && profiles.indexOf(profile()),
    provenSeconds: provenSeconds(),
  }));
  const tagged = parts.tagged.map(({ name, key, value, profile }) => ({
    name,
    key,
    value,
    profile: profiles.indexOf(profile),
  }));
  return {
    schema: 'cdk-recoverable/monitor/v1',
    shard: parts.shard,
    plan: planName,
    owner,
    alerts: renderAlerts(alerts),
    ...(options.runbook !== undefined && { runbook: options.runbook }),
    stateBucket: site.stateBucket.bucketName,
    everySeconds: interval.toSeconds(),
    sourceMetrics: options.sourceMetrics ?? false,
    profiles: profiles.all,
    resources,
    tagged,
  };
}

/** Most resources of a plan are watched alike: each profile is written once. */
class Profiles {
  readonly all: MonitorProfile[] = [];
  private readonly known = new Map<string, number>();

  indexOf(profile: MonitorProfile): number {
    const text = JSON.stringify(profile);
    const index = this.known.get(text) ?? this.all.push(profile) - 1;
    this.known.set(text, index);
    return index;
  }
}
