import { Duration, Lazy, Names, Stack } from 'aws-cdk-lib';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Watched } from '../private/proven-alarm';
import { siteSchedule } from '../private/site-schedule';
import type { RecoverySite } from '../site/recovery-site';

/** What the monitor of a plan is made with. */
export interface DrillMonitorProps {
  /** The site whose monitor function measures. */
  readonly site: RecoverySite;
  /** The plan's name. */
  readonly planName: string;
}

/** Resources that one run of the monitor function measures. */
const SHARD = 100;

/** Measures every hour how long ago each resource of a plan was proven. */
export class DrillMonitor extends Construct {
  /** When it measures, one schedule for every hundred resources. */
  public readonly schedules: CfnSchedule[] = [];

  private readonly props: DrillMonitorProps;
  private readonly resources: Watched[] = [];

  constructor(scope: Construct, id: string, props: DrillMonitorProps) {
    super(scope, id);
    this.props = props;
  }

  /** @internal */
  public _watch(resource: Watched): void {
    const shard = Math.floor(this.resources.length / SHARD);
    this.resources.push(resource);
    if (shard === this.schedules.length) this.schedules.push(this.schedule(shard));
    // A schedule that runs at a rate runs at once; an alarm that came before it would find silence.
    resource.provenAlarm?.node.addDependency(this.schedules[shard]);
  }

  private schedule(shard: number): CfnSchedule {
    const { site, planName } = this.props;
    const suffix = shard === 0 ? '' : String(shard + 1);
    const name = Names.uniqueResourceName(this, { maxLength: 60, separator: '-', allowedSpecialCharacters: '-_.' });
    return siteSchedule(this, `Schedule${suffix}`, {
      name: `${name}${suffix}`,
      group: site.scheduleGroup,
      description: `Measures how long ago the resources of plan ${planName} were proven`,
      expression: 'rate(1 hour)',
      targetArn: site.functions.monitor.lambdaFunction.functionArn,
      role: site.scheduleRole,
      input: Lazy.string({ produce: () => Stack.of(this).toJsonString({ resources: this.render(shard) }) }),
      latest: Duration.minutes(10),
    });
  }

  private render(shard: number) {
    return this.resources.slice(shard * SHARD, (shard + 1) * SHARD).map((resource) => ({
      name: resource.resourceName,
      intervalSeconds: resource._intervalSeconds(),
    }));
  }
}
