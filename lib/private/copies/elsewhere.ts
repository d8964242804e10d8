import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Policy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Drill, type DrillOptions } from '../../drill/drill';
import { DrillMonitor } from '../../monitoring/drill-monitor';
import type { Alerts } from '../../plan/alerts';
import type { ProtectedInstance } from '../../plan/protected-instance';
import type { RecoveryPlan } from '../../plan/recovery-plan';
import type { RecoverySite } from '../../site/recovery-site';
import { publish } from '../permissions/topics';
import { provenAlarm, type Watched } from '../proven-alarm';
import { ValidationError } from '../validation';

/**
 * What a plan has on another site, where its copies are drilled. Nothing here refers to the plan's own stack, which is deployed
 * later, and nothing of it is needed in a drill, which may come when the home Region is gone.
 */
export class PlanElsewhere extends Construct {
  public readonly alerts: Alerts;
  public readonly monitor: DrillMonitor;

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
    new Policy(this, 'Announce', { roles: [site.functions.announce.role], statements: publish(this.alerts) });
    this.monitor = new DrillMonitor(this, 'Monitor', { site, planName: plan.planName });
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
      this.monitor._watch(there);
    }
    return there.addDrill(resource, id, options);
  }
}

class ResourceElsewhere extends Construct implements Watched {
  readonly provenAlarm: Alarm;
  private readonly drills: Drill[] = [];

  constructor(
    private readonly plan: PlanElsewhere,
    id: string,
    readonly resourceName: string,
  ) {
    super(plan, id);
    this.provenAlarm = provenAlarm(this, plan.site.siteName, resourceName, plan.alerts);
  }

  addDrill(resource: ProtectedInstance, id: string, options: DrillOptions): Drill {
    const drill = new Drill(this, id, { ...options, resource, site: this.plan.site });
    this.drills.push(drill);
    return drill;
  }

  _intervalSeconds(): number {
    return Math.min(...this.drills.map((drill) => drill.schedule._provenSeconds()));
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
