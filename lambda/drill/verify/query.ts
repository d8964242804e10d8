import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { required } from '../../shared/environment';
import { NamedError } from '../../shared/named-error';
import type { QueryAnswer, QueryRequest } from '../query/contract';

/**
 * Asks the query function inside the drill network. The password travels in the payload, which is neither stored nor
 * logged; a failed function's error comes back by its name.
 */
export async function query(lambda: LambdaClient, request: QueryRequest): Promise<QueryAnswer> {
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: required('QUERY_FUNCTION'), Payload: JSON.stringify(request) }),
  );
  const payload = answer.Payload?.transformToString() ?? 'null';
  if (answer.FunctionError) {
    const failure = JSON.parse(payload) as { errorType?: string; errorMessage?: string } | null;
    throw new NamedError(
      failure?.errorType ?? 'QueryFailed',
      failure?.errorMessage ?? 'the query function failed without a reason',
    );
  }
  return JSON.parse(payload) as QueryAnswer;
}
