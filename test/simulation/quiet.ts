import type { MonitorReport } from '../../lib/private/contract/monitoring';

/** What one run of the monitor publishes of a resource. */
export interface Ratios {
  readonly name: string;
  readonly restorable?: number;
  readonly proven?: number;
}

/** Up to this a ratio is far from anything that an alarm could hear. */
const NEAR = 0.97;

/**
 * What a run at a moment would publish, if since the last one nothing happened but that time passed: ages grow, and points in time
 * stay as near as they were.
 */
export function grown(report: MonitorReport, at: Date): Ratios[] {
  const seconds = (at.getTime() - Date.parse(report.at)) / 1000;
  return report.resources.map(({ name, restorable, sources, proven }) => {
    const kept = sources.filter(({ kind }) => kind !== 'point-in-time' && kind !== 'replicated');
    const ratios = kept.map(({ ageSeconds, allowedSeconds }) => (ageSeconds + seconds) / allowedSeconds);
    return {
      name,
      ...(restorable && { restorable: Math.max(0, ...ratios) }),
      ...(proven && { proven: proven.ratio + seconds / proven.provenSeconds }),
    };
  });
}

/** Whether nothing that could be published then comes near what an alarm hears, and nobody waits to hear anything. */
export function isQuiet(report: MonitorReport, at: Date): boolean {
  const findings = [...report.findings, ...report.resources.flatMap((one) => one.findings)];
  return (
    report.troubles.length === 0 &&
    findings.every(({ severity }) => severity === 'digest') &&
    report.resources.every(({ restorable }) => restorable !== undefined) &&
    grown(report, at).every(({ restorable = 0, proven = 0 }) => restorable < NEAR && proven < NEAR)
  );
}
