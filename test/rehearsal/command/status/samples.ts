import type {
  Finding,
  MonitorDefinition,
  MonitorReport,
  ResourceReport,
  WorstAge,
} from '../../../../lib/private/contract/monitoring';
import { plusSeconds } from '../../../../lambda/shared/clock';

export const AT = '2026-11-20T12:00:00.000Z';
const HOUR = 3600;
const DAY = 24 * HOUR;
const alerts = { page: 'arn:aws:sns:eu-west-1:111122223333:pager' };

export const before = (seconds: number, at = AT) => plusSeconds(at, -seconds);

/** What the monitor's schedule of plan gold is started with, for resources of these names. */
export function definition(names: readonly string[], more: Partial<MonitorDefinition> = {}): MonitorDefinition {
  return {
    ...{ schema: 'cdk-recoverable/monitor/v1', shard: 'gold', plan: 'gold', owner: 'Payments', alerts },
    ...{ stateBucket: 'state', everySeconds: 300, sourceMetrics: false, tagged: [] },
    profiles: [
      {
        rpoSeconds: 900,
        sources: [
          { name: 'point in time', kind: 'point-in-time', allowedSeconds: 900, known: true },
          { name: 'daily recovery points', kind: 'recovery-point', allowedSeconds: 26 * HOUR, known: true },
        ],
      },
    ],
    resources: names.map((name) => ({
      ...{ name, kind: 'db-instance', identifier: `${name.split('/')[1]}-prod`, profile: 0, provenSeconds: 7 * DAY },
    })),
    ...more,
  };
}

export function worst(ageSeconds: number, allowedSeconds = 900, of = 'point in time', at = AT): WorstAge {
  const newest = before(ageSeconds, at);
  return { ratio: ageSeconds / allowedSeconds, of, ageSeconds, allowedSeconds, newest, cause: of };
}

/** What the monitor saw of one resource: all is well. */
export function resource(name: string, more: Partial<ResourceReport> = {}, at = AT): ResourceReport {
  const restorable = worst(250, 900, 'point in time', at);
  return {
    ...{ name, kind: 'db-instance', identifier: `${name.split('/')[1]}-prod`, since: before(90 * DAY, at) },
    ...{ status: 'available', stopped: [], retentionDays: 7, objectives: { rpoSeconds: 900 }, restorable },
    sources: [
      {
        ...{ name: 'point in time', kind: 'point-in-time', newest: restorable.newest, ageSeconds: 250 },
        ...{ allowedSeconds: 900, ratio: 250 / 900, lookedAt: at },
      },
    ],
    proven: { ratio: 0.5, provenSeconds: 7 * DAY, lastPassedAt: before(3.5 * DAY, at) },
    findings: [],
    ...more,
  };
}

export function report(resources: readonly ResourceReport[], more: Partial<MonitorReport> = {}): MonitorReport {
  return {
    ...{ schema: 'cdk-recoverable/monitor-report/v1', site: 'acme', shard: 'gold', plan: 'gold', owner: 'Payments' },
    ...{ alerts, region: 'eu-west-1', everySeconds: 300, at: before(60), fullAt: before(60), settingsAt: before(60) },
    ...{ resources, tagged: [], findings: [], troubles: [] },
    ...more,
  };
}

export const FINDING: Finding = {
  id: 'automated-backups-off',
  severity: 'page',
  cause: 'gold/orders',
  what: 'Automated backups of orders-prod are off.',
  means: 'It can be restored to no point in time; its RPO of 15 min does not hold.',
  nextStep: '`aws rds modify-db-instance --db-instance-identifier orders-prod --backup-retention-period 7`',
  since: before(2 * HOUR),
};
