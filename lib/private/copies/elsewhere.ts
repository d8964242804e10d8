import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Policy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Drill, type DrillOptions } from '../../drill/drill';
import { FreshnessMonitor } from '../../monitoring/freshness-monitor';
import type { Alerts } from '../../plan/alerts';
import type { ProtectedInstance } from '../../plan/protected-instance';
import type { RecoveryPlan } from '../../plan/recovery-plan';
import type { RecoverySite } from '../../site/recovery-site';
import { publish } from '../permissions/topics';
import { provenAlarm } from '../monitoring/alarms';
import { shortestInterval } from '../monitoring/intervals';
import { ValidationError } from '../validation';

/**
 * What a plan has on another site, where its copies are drilled. Nothing here refers to the plan's own stack, which is deployed
 * later, and nothing of it is needed in a drill, which may come when the home Region is gone.
 */
export class PlanElsewhere extends Construct {
  public readonly alerts: Alerts;
  public readonly monitor: FreshnessMonitor;

  private readonly resources = new Map<string, ResourceElsewhere>();

  constructor(
    public readonly site: RecoverySite,
    plan: RecoveryPlan,
  ) {
    const id = `Plan-${plan.planName}`;
    if (site.node.tryFindChild(id)) {
      throw new ValidationError(
        `two plans named ${plan.planName} are drilled in site ${site.siteName}: give one of them another name`,
      );
    }
    super(site, id);
    this.alerts = alertsOf(site, plan);
    new Policy(this, 'Announce', { roles: site.functions._tell(), statements: publish(this.alerts) });
    // How long ago copies were proven; how old they are is measured at home.
    const { planName, owner } = plan;
    const { alerts } = this;
    this.monitor = new FreshnessMonitor(this, 'Monitor', {
      site,
      planName,
      owner,
      alerts,
      interval: Duration.hours(1),
    });
    // A copy is under the key of the vault that it is in, whatever its original is under.
    site.recoveryPointRestore()._allowKeys(this, [site.vault().key.keyArn]);
  }

  addDrill(resource: ProtectedInstance, id: string, options: DrillOptions): Drill {
    const { resourceName } = resource;
    let there = this.resources.get(resourceName);
    if (!there) {
      this.site._registry().claim(resourceName);
      there = new ResourceElsewhere(this, resource.node.id, resourceName);
      this.resources.set(resourceName, there);
      const { provenAlarm: alarm } = there;
      const provenSeconds = () => shortestInterval(there!.drills);
      const identifier = resource._knownIdentifier();
      this.monitor._watch({ resourceName, kind: resource._kind(), identifier, alarms: [alarm], provenSeconds });
    }
    return there.addDrill(resource, id, options);
  }
}

class ResourceElsewhere extends Construct {
  readonly provenAlarm: Alarm;
  readonly drills: Drill[] = [];

  constructor(
    private readonly plan: PlanElsewhere,
    id: string,
    resourceName: string,
  ) {
    super(plan, id);
    this.provenAlarm = provenAlarm(this, { site: plan.site, resourceName });
  }

  addDrill(resource: ProtectedInstance, id: string, options: DrillOptions): Drill {
    const drill = new Drill(this, id, { ...options, resource, site: this.plan.site });
    this.drills.push(drill);
    return drill;
  }
}

/** Topics of the plan are in the Region that may be lost, and no alarm reaches across Regions. */
function alertsOf(site: RecoverySite, plan: RecoveryPlan): Alerts {
  const alerts = site._alerts();
  if (alerts) return alerts;
  throw new ValidationError(
    `site ${site.siteName} has no alerts, and drills of copies there tell the site's topics, since those of plan ${plan.planName} are in another Region or account: give alerts to the site`,
  );
}
