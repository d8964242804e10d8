import { keys } from '../../lambda/shared/keys';
import type { MonitorReport } from '../../lib/private/contract/monitoring';
import { METRICS } from '../../lib/private/metrics';
import type { Deployed } from '../../rehearsal/template/deployment';
import { grown, isQuiet } from './quiet';
import { nextOf } from './schedule';
import type { Simulation } from './simulation';
import { HOUR, MINUTE } from './timeline';

/** How late within its minute a schedule starts something, at most. */
const LATE = 50_000;

/** The runs that the monitors' schedules of the template start. */
export class MonitorRuns {
  /** What becomes of the account before a run looks at it. */
  before: () => void = () => undefined;
  readonly counts = { real: 0, reckoned: 0 };
  /** Where a run published something else than was reckoned. */
  readonly surprises: object[] = [];
  private readonly disabled = new Set<string>();
  private happened = true;
  private renewed = false;

  /** @param quietHours as the simulation's options say */
  constructor(
    private readonly simulation: Simulation,
    private readonly quietHours: number,
  ) {}

  start(): void {
    const { timeline, functions } = this.simulation;
    const begun = timeline.now.getTime();
    for (const { name, properties } of this.schedules()) {
      const { Arn, Input } = properties.Target as { Arn: string; Input?: string };
      const zone = properties.ScheduleExpressionTimezone as string | undefined;
      const expression = String(properties.ScheduleExpression);
      const run = (at: Date) => this.due(name, functions.find(Arn), JSON.parse(Input ?? '{}'), at);
      // What runs at a rate runs at once.
      if (expression.startsWith('rate(')) timeline.at(timeline.now, run);
      timeline.repeat(nextOf(expression, zone, begun), run);
    }
  }

  /** Somebody disables the schedules. */
  disable(): void {
    this.schedules().forEach(({ name }) => this.disabled.add(name));
  }

  enable(): void {
    this.disabled.clear();
  }

  /** Something that a run would see is not as it was. */
  somethingHappened(): void {
    this.happened = true;
  }

  /** A backup, a copy or a drill made something younger: until a run sees it, what is reckoned is worse than what is. */
  somethingRenewed(): void {
    this.renewed = true;
  }

  /** What the last run saw. */
  get report(): MonitorReport | undefined {
    return this.simulation.state<MonitorReport>(keys.report('Plan'));
  }

  private schedules(): Deployed[] {
    const monitor = this.simulation.app.deployment.one('AWS::Lambda::Function', 'MonitorFunction').arn;
    const all = this.simulation.app.deployment.all('AWS::Scheduler::Schedule');
    return all.filter(({ properties }) => (properties.Target as { Arn: string }).Arn === monitor);
  }

  private async due(schedule: string, monitor: Deployed, event: unknown, at: Date): Promise<void> {
    if (this.disabled.has(schedule)) return;
    const when = new Date(at.getTime() + this.simulation.random() * LATE);
    await this.simulation.app.home.cloudWatch.advance(when);
    if (this.passesQuietly(monitor, when)) return;
    const expected = this.happened ? undefined : this.report;
    const { renewed } = this;
    this.happened = this.renewed = false;
    this.counts.real++;
    await this.run(monitor, event, when);
    if (expected) this.compare(expected, this.report, renewed);
  }

  /** Whoever only asks for a run does not hear of its failure: Lambda tries again after a minute, and after two more. */
  private async run(monitor: Deployed, event: unknown, at: Date, retries = [1, 2]): Promise<void> {
    const { functions, timeline, app } = this.simulation;
    this.before();
    const { functionError } = await functions.invoke(monitor, event, at);
    const [minutes, ...rest] = retries;
    if (!functionError || minutes === undefined) return;
    const again = new Date(at.getTime() + minutes * MINUTE);
    timeline.at(again, async () => {
      await app.home.cloudWatch.advance(again);
      await this.run(monitor, event, again, rest);
    });
  }

  private passesQuietly(monitor: Deployed, when: Date): boolean {
    const { report } = this;
    if (!report || this.happened || this.quietHours === 0) return false;
    if (when.getTime() - Date.parse(report.at) > (this.quietHours + 0.5) * HOUR) return false;
    if (!isQuiet(report, when)) return false;
    const { cloudWatch } = this.simulation.app.home;
    for (const { name, restorable, proven } of grown(report, when)) {
      const put = (metric: string, value: number | undefined) => {
        const id = { namespace: METRICS.namespace, name: metric, dimensions: { Site: report.site, Resource: name } };
        if (value !== undefined) cloudWatch.metrics.put(id, value, 'None', when);
      };
      put(METRICS.restorableAgeRatio, restorable);
      put(METRICS.drillAgeRatio, proven);
    }
    cloudWatch.invoked(monitor.name, false, when);
    this.counts.reckoned++;
    return true;
  }

  /** What was never stopped is as it was reckoned, or younger where something was renewed. */
  private compare(before: MonitorReport, now: MonitorReport | undefined, renewed: boolean): void {
    const reckoned = grown(before, new Date(now?.at ?? 0));
    const differs = (reckoned?: number, seen?: number) => {
      const more = (seen ?? NaN) - (reckoned ?? NaN);
      return reckoned !== seen && !(more < 1e-3 && (renewed || more > -1e-3));
    };
    for (const { name, restorable, proven, stopped } of now?.resources ?? []) {
      if (stopped.length > 0) continue;
      const expected = reckoned.find((one) => one.name === name);
      const seen = { restorable: restorable?.ratio, proven: proven?.ratio };
      if (differs(expected?.restorable, seen.restorable) || differs(expected?.proven, seen.proven)) {
        this.surprises.push({ at: now?.at, expected, seen, of: restorable?.of });
      }
    }
  }
}
