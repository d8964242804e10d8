import type { MonitorReport, ResourceReport, SourceReport, WorstAge } from '../../../lib/private/contract/monitoring';
import { ALERTS } from './messages/support';

/** Reports as a monitor writes them. */

export const NOW = '2026-11-20T12:00:00.000Z';

export const ago = (seconds: number) => new Date(Date.parse(NOW) - seconds * 1000).toISOString();
export const HOUR = 3_600;
export const DAY = 86_400;

export function source(
  name: string,
  kind: SourceReport['kind'],
  ageSeconds: number,
  allowedSeconds: number,
): SourceReport {
  const ratio = ageSeconds / allowedSeconds;
  return { name, kind, newest: ago(ageSeconds), ageSeconds, allowedSeconds, ratio, lookedAt: NOW };
}

export function resource(name: string, more: Partial<ResourceReport> = {}): ResourceReport {
  const sources = more.sources ?? [
    source('point in time', 'point-in-time', 300, 900),
    source('daily recovery points', 'recovery-point', 12 * HOUR, 26 * HOUR),
  ];
  const worst = [...sources].sort((one, other) => other.ratio - one.ratio)[0];
  const restorable: WorstAge = {
    ratio: worst.ratio,
    of: worst.name,
    ageSeconds: worst.ageSeconds,
    allowedSeconds: worst.allowedSeconds,
    newest: worst.newest,
    cause: `recoverable ${name}`,
  };
  return {
    name,
    kind: 'db-instance',
    identifier: name.split('/')[1].toLowerCase(),
    since: ago(30 * DAY),
    resourceId: `db-${name.split('/')[1].toUpperCase()}`,
    status: 'available',
    stopped: [],
    retentionDays: 7,
    objectives: { rpoSeconds: 900 },
    restorable,
    sources,
    findings: [],
    ...more,
  };
}

/** A daily recovery point was missed. */
export function missed(name: string, cause = `recoverable ${name}`): ResourceReport {
  const sources = [
    source('point in time', 'point-in-time', 300, 900),
    source('daily recovery points', 'recovery-point', 27 * HOUR, 26 * HOUR),
  ];
  const whole = resource(name, { sources });
  return { ...whole, restorable: { ...whole.restorable!, cause } };
}

export function report(resources: readonly ResourceReport[], more: Partial<MonitorReport> = {}): MonitorReport {
  return {
    schema: 'cdk-recoverable/monitor-report/v1',
    site: 'acme',
    shard: 'gold',
    plan: 'Gold',
    owner: 'Payments',
    alerts: ALERTS,
    region: 'eu-west-1',
    everySeconds: 300,
    at: ago(60),
    fullAt: ago(600),
    settingsAt: ago(HOUR),
    resources,
    tagged: [],
    findings: [],
    troubles: [],
    ...more,
  };
}
