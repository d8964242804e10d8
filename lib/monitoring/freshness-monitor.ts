import { Duration, Lazy, Names, Stack } from 'aws-cdk-lib';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Alerts } from '../plan/alerts';
import type { MonitoringOptions } from '../plan/monitoring-options';
import { renderMonitor } from '../private/monitoring/definition';
import type { Watched, WatchedTagged } from '../private/monitoring/watched';
import { siteSchedule } from '../private/site-schedule';
import type { RecoverySite } from '../site/recovery-site';

/** What the monitor of a plan is made with. */
export interface FreshnessMonitorProps {
  /** The site whose monitor function measures. */
  readonly site: RecoverySite;
  /** The plan's name. */
  readonly planName: string;
  /** Who answers for recovery. */
  readonly owner: string;
  /** Who is told. */
  readonly alerts: Alerts;
  /** Time between two measurements. */
  readonly interval: Duration;
  /**
   * How the plan is watched.
   * @default - what follows from its objectives
   */
  readonly options?: MonitoringOptions;
}

/** Resources that one run of the monitor function measures. */
const SHARD = 100;

/**
 * Measures how old the newest restorable state of each resource of a plan is, and how long ago each was proven. Its schedules
 * are also the register of what the plan protects.
 */
export class FreshnessMonitor extends Construct {
  /** Time between two measurements: a third of the strictest recovery point objective, 5 minutes to an hour. */
  public readonly interval: Duration;
  /** When it measures, one schedule for every hundred resources. */
  public readonly schedules: CfnSchedule[] = [];

  private readonly props: FreshnessMonitorProps;
  private readonly resources: Watched[] = [];
  private readonly tagged: WatchedTagged[] = [];

  constructor(scope: Construct, id: string, props: FreshnessMonitorProps) {
    super(scope, id);
    this.props = props;
    this.interval = props.interval;
  }

  /** @internal */
  public _watch(resource: Watched): void {
    const shard = Math.floor(this.resources.length / SHARD);
    this.resources.push(resource);
    // A schedule that runs at a rate runs at once; an alarm that came before it would find silence.
    for (const alarm of resource.alarms) alarm.node.addDependency(this.scheduleOf(shard));
  }

  /** @internal */
  public _watchTagged(tagged: WatchedTagged): void {
    this.tagged.push(tagged);
    tagged.alarm.node.addDependency(this.scheduleOf(0));
  }

  private scheduleOf(shard: number): CfnSchedule {
    if (shard === this.schedules.length) this.schedules.push(this.schedule(shard));
    return this.schedules[shard];
  }

  private schedule(shard: number): CfnSchedule {
    const { site, planName } = this.props;
    const suffix = shard === 0 ? '' : String(shard + 1);
    const name = Names.uniqueResourceName(this, { maxLength: 60, separator: '-', allowedSpecialCharacters: '-_.' });
    const minutes = this.interval.toMinutes();
    const schedule = siteSchedule(this, `Schedule${suffix}`, {
      name: `${name}${suffix}`,
      group: site.scheduleGroup,
      description: `Measures what the resources of plan ${planName} could be recovered from, and how long ago they were proven`,
      expression: minutes === 60 ? 'rate(1 hour)' : `rate(${minutes} minutes)`,
      targetArn: site.functions.monitor.lambdaFunction.functionArn,
      role: site.scheduleRole,
      input: Lazy.string({ produce: () => Stack.of(this).toJsonString(this.render(shard)) }),
      // The next run measures the same, so a late one is dropped.
      latest: this.interval,
    });
    // In a stack of its own the site is deployed first; its alarm then waits for data.
    const silent = site._monitorSilentAlarm(this, this.props.alerts);
    if (Stack.of(silent) === Stack.of(this)) silent.node.addDependency(schedule);
    return schedule;
  }

  private render(shard: number) {
    const name = shard === 0 ? this.props.planName : `${this.props.planName}-${shard + 1}`;
    const resources = this.resources.slice(shard * SHARD, (shard + 1) * SHARD);
    return renderMonitor({ ...this.props, shard: name, resources, tagged: shard === 0 ? this.tagged : [] });
  }
}
