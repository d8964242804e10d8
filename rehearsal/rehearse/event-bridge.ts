import { randomUUID } from 'node:crypto';
import type { RegisteredExecution } from '../aws';
import { readPattern } from '../events/pattern';
import type { Functions } from '../functions/functions';
import type { Deployment } from '../template/deployment';

/** What comes over EventBridge's bus. */
export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources?: readonly string[];
  readonly detail: object;
}

/** Hands an event to the functions whose rules of the template match it, as EventBridge does. */
export async function publishEvent(deployment: Deployment, functions: Functions, event: BusEvent): Promise<void> {
  const { account, region } = deployment.place;
  const whole = {
    version: '0',
    id: randomUUID(),
    account,
    region,
    time: new Date().toISOString(),
    resources: [],
    ...event,
  };
  for (const rule of deployment.all('AWS::Events::Rule')) {
    const { EventPattern: pattern, State: state = 'ENABLED', Targets: targets } = rule.properties;
    if (!pattern || state !== 'ENABLED' || !readPattern(pattern)(whole)) continue;
    for (const target of (targets as { Arn: string }[]) ?? []) {
      const answer = await functions.invoke(target.Arn, whole);
      if (answer.functionError) throw new Error(`the target of rule ${rule.logicalId} failed: ${answer.payload}`);
    }
  }
}

/** The end of an execution. */
export async function publishEnd(
  deployment: Deployment,
  functions: Functions,
  execution: RegisteredExecution,
): Promise<void> {
  const { status, stateMachineArn, arn: executionArn, name, input } = execution;
  await publishEvent(deployment, functions, {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [executionArn],
    detail: { executionArn, stateMachineArn, name, status, input },
  });
}
