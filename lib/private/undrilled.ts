import { Duration, Lazy, Names, Stack } from 'aws-cdk-lib';
import type { ProtectedDatabase } from '../plan/protected-database';
import type { RecoveryPlan } from '../plan/recovery-plan';
import type { Undrilled } from './contract/registry';
import { siteSchedule } from './site-schedule';

/** Whoever looks for what a site protects reads its schedules; what has no drill is in this one, which never runs. */
export class UndrilledResources {
  private readonly resources: ProtectedDatabase[] = [];

  constructor(private readonly plan: RecoveryPlan) {}

  list(resource: ProtectedDatabase): void {
    this.resources.push(resource);
    if (this.resources.length > 1) return;
    const { plan } = this;
    const { site } = plan;
    // Not in the plan itself, whose other children the user names.
    siteSchedule(plan.monitor, 'Undrilled', {
      name:
        Names.uniqueResourceName(plan, { maxLength: 50, separator: '-', allowedSpecialCharacters: '-_.' }) +
        '-undrilled',
      group: site.scheduleGroup,
      description: `Lists what plan ${plan.planName} protects and cannot drill yet; never runs`,
      expression: 'rate(365 days)',
      enabled: false,
      targetArn: site.functions.monitor.lambdaFunction.functionArn,
      role: site.scheduleRole,
      input: Lazy.string({ produce: () => Stack.of(plan).toJsonString(this.render()) }),
      latest: Duration.minutes(10),
    });
  }

  private render(): Undrilled {
    return {
      undrilled: this.resources.map((resource) => ({
        name: resource.resourceName,
        kind: resource._kind(),
        identifier: resource.identifier,
      })),
    };
  }
}
