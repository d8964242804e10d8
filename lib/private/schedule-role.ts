import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { SiteFunctions } from '../site/site-functions';

/** What a site's schedules start. */
interface Started {
  readonly siteName: string;
  /** Of the group that all of its schedules are in. */
  readonly groupName: string;
  readonly stateMachine: StateMachine;
  readonly functions: SiteFunctions;
}

/** Trusted for the site's own schedules alone. */
export function scheduleRole(scope: Construct, { siteName, groupName, stateMachine, functions }: Started): Role {
  const stack = Stack.of(scope);
  const group = stack.formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: groupName });
  const role = new Role(scope, 'ScheduleRole', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': group } },
    }),
    description: `Starts drills, sweeper, monitor and history of recovery site ${siteName}`,
  });
  role.addToPolicy(
    new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachine.stateMachineArn] }),
  );
  role.addToPolicy(
    new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [functions.sweep, functions.monitor, functions.history, functions.digest].map(
        (each) => each.lambdaFunction.functionArn,
      ),
    }),
  );
  return role;
}
