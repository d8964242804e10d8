import type { Functions } from '../functions/functions';
import type { RegisteredExecution } from '../aws';
import type { Deployment } from '../template/deployment';

interface Pattern {
  readonly source?: readonly string[];
  readonly 'detail-type'?: readonly string[];
  readonly detail?: { readonly status?: readonly string[]; readonly stateMachineArn?: readonly string[] };
}

/** Hands the end of an execution to the functions whose rules of the template match it, as EventBridge does. */
export async function publishEnd(
  deployment: Deployment,
  functions: Functions,
  execution: RegisteredExecution,
): Promise<void> {
  const { status, stateMachineArn, arn: executionArn } = execution;
  for (const rule of deployment.all('AWS::Events::Rule')) {
    const pattern = rule.properties.EventPattern as Pattern | undefined;
    const matches =
      pattern?.source?.includes('aws.states') &&
      pattern['detail-type']?.includes('Step Functions Execution Status Change') &&
      (pattern.detail?.status?.includes(status) ?? true) &&
      (pattern.detail?.stateMachineArn?.includes(stateMachineArn) ?? true);
    if (!matches) continue;
    for (const target of (rule.properties.Targets as { Arn: string }[]) ?? []) {
      const answer = await functions.invoke(target.Arn, {
        source: 'aws.states',
        'detail-type': 'Step Functions Execution Status Change',
        detail: { executionArn, stateMachineArn, name: execution.name, status, input: execution.input },
      });
      if (answer.functionError) throw new Error(`the target of rule ${rule.logicalId} failed: ${answer.payload}`);
    }
  }
}
