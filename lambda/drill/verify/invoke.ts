import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { required } from '../../shared/environment';
import { NamedError } from '../../shared/named-error';
import type { FilesAnswer, FilesRequest } from '../files/contract';
import type { QueryAnswer, QueryRequest } from '../query/contract';

/** Asks the query function inside the drill network. The password travels in the payload, which is neither stored nor logged. */
export function query(lambda: LambdaClient, request: QueryRequest): Promise<QueryAnswer> {
  return invoke(lambda, required('QUERY_FUNCTION'), request, 'QueryFailed');
}

/** Asks the files function, which has the recovery role's own rights on buckets. */
export function files(lambda: LambdaClient, request: FilesRequest): Promise<FilesAnswer> {
  return invoke(lambda, required('FILES_FUNCTION'), request, 'FilesFailed');
}

/** @throws NamedError by the name of the error that the function threw */
async function invoke<A>(lambda: LambdaClient, name: string, request: object, otherwise: string): Promise<A> {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(request) }));
  const payload = answer.Payload?.transformToString() ?? 'null';
  if (answer.FunctionError) {
    const failure = JSON.parse(payload) as { errorType?: string; errorMessage?: string } | null;
    throw new NamedError(
      failure?.errorType ?? otherwise,
      failure?.errorMessage ?? 'the function failed without a reason',
    );
  }
  return JSON.parse(payload) as A;
}
