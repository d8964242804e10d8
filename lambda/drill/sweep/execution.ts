import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { nameOf } from '../../shared/named-error';

/** Step Functions forgets an execution 90 days after it closed; one it does not know is not running. */
export async function isRunning(sfn: SFNClient, executionArn: string): Promise<boolean> {
  try {
    const answer = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return answer.status === 'RUNNING' || answer.status === 'PENDING_REDRIVE';
  } catch (error) {
    if (nameOf(error) === 'ExecutionDoesNotExist') return false;
    throw error;
  }
}
