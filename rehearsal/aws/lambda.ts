import * as sdk from '@aws-sdk/client-lambda';
import { restJsonProtocol } from './protocol/rest-json';
import { AwsError, modelled } from './protocol/types';
import { notRehearsed, operation, type Place, type Service } from './service';

export interface Invoked {
  /** What the function answered, as bytes of JSON. */
  readonly payload: Uint8Array | string;
  /** `Unhandled` when the function threw; the payload then holds errorType and errorMessage. */
  readonly functionError?: string;
}

/** Runs a function, given its version-qualified or plain ARN. Undefined: there is no such function or version. */
export type Invoke = (functionArn: string, payload: string) => Promise<Invoked | undefined>;

/** Largest payload of a synchronous invocation, either way. */
const LARGEST = 6 * 1024 * 1024;

/** What Lambda says of a function that somebody asks about; absent: `Active`. */
export interface FunctionState {
  readonly name: string;
  readonly state?: sdk.State;
  readonly reason?: string;
}

/** Lambda's Invoke, and the states of functions; the functions themselves are somebody else's. */
export class RehearsedLambda {
  constructor(
    private readonly options: Place & { readonly invoke: Invoke; readonly functions?: readonly FunctionState[] },
  ) {}

  service(): Service {
    return {
      signingName: 'lambda',
      protocol: restJsonProtocol('com.amazonaws.lambda'),
      operations: [
        operation<sdk.InvocationRequest, sdk.InvocationResponse>(
          sdk.Invoke$,
          ['FunctionName', 'InvocationType', 'Payload', 'Qualifier', 'LogType'],
          (input) => [{ action: 'lambda:InvokeFunction', resource: this.arn(input) }],
          (input) => this.invoke(input),
        ),
        operation<sdk.GetFunctionConfigurationRequest, sdk.FunctionConfiguration>(
          sdk.GetFunctionConfiguration$,
          ['FunctionName'],
          (input) => [{ action: 'lambda:GetFunctionConfiguration', resource: this.arn(input) }],
          (input) => this.configuration(this.arn(input)),
        ),
      ],
      denied: (message) => new AwsError('AccessDeniedException', 403, message),
      throttled: () => modelled(sdk.TooManyRequestsException$, 'Rate Exceeded.', { Reason: 'CallerRateLimitExceeded' }),
    };
  }

  private configuration(arn: string): sdk.FunctionConfiguration {
    const found = this.options.functions?.find(({ name }) => name === arn.split(':')[6]);
    if (!found) throw modelled(sdk.ResourceNotFoundException$, `Function not found: ${arn}`);
    const { name, state = 'Active', reason } = found;
    return { FunctionName: name, FunctionArn: arn, State: state, ...(reason !== undefined && { StateReason: reason }) };
  }

  /** The version-qualified ARN that IAM is asked about, from any way to name a function. */
  private arn(input: Pick<sdk.InvocationRequest, 'FunctionName' | 'Qualifier'>): string {
    const { region, account } = this.options;
    const named =
      /^(?:arn:aws:lambda:([a-z0-9-]+):)?(?:(\d{12}):)?(?:function:)?([A-Za-z0-9-_]+)(?::([A-Za-z0-9-_$]+))?$/;
    const [, inRegion, inAccount, name, version] = named.exec(input.FunctionName ?? '') ?? [];
    if (!name) {
      throw modelled(
        sdk.InvalidParameterValueException$,
        `function name '${input.FunctionName}' is neither a name nor an ARN`,
      );
    }
    if (version && input.Qualifier && version !== input.Qualifier) {
      throw modelled(
        sdk.InvalidParameterValueException$,
        'The derived qualifier from the function name does not match the specified qualifier.',
      );
    }
    const qualifier = version ?? input.Qualifier;
    const arn = `arn:aws:lambda:${inRegion ?? region}:${inAccount ?? account}:function:${name}`;
    return qualifier ? `${arn}:${qualifier}` : arn;
  }

  private async invoke(input: sdk.InvocationRequest): Promise<sdk.InvocationResponse> {
    if ((input.InvocationType ?? 'RequestResponse') !== 'RequestResponse') {
      throw notRehearsed(`Invoke with InvocationType ${input.InvocationType} is not rehearsed: use RequestResponse`);
    }
    const payload = Buffer.from(input.Payload ?? '{}');
    if (payload.length > LARGEST) {
      const message = `${payload.length} byte payload is too large for the RequestResponse invocation type (limit ${LARGEST} bytes)`;
      throw modelled(sdk.RequestTooLargeException$, message);
    }
    const arn = this.arn(input);
    const answer = await this.options.invoke(arn, checkJson(payload.toString('utf8')));
    if (!answer) {
      throw modelled(sdk.ResourceNotFoundException$, `Function not found: ${arn}`);
    }
    const version = arn.split(':')[7] ?? '$LATEST';
    return { StatusCode: 200, ExecutedVersion: version, ...limited(answer) };
  }
}

function checkJson(payload: string): string {
  try {
    JSON.parse(payload);
    return payload;
  } catch {
    throw modelled(sdk.InvalidRequestContentException$, 'Could not parse request body into json');
  }
}

function limited(answer: Invoked): Pick<sdk.InvocationResponse, 'Payload' | 'FunctionError'> {
  const bytes = Buffer.from(answer.payload as string);
  if (bytes.length > LARGEST) {
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${LARGEST} bytes).`;
    const error = Buffer.from(JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage }));
    return { Payload: asPayload(error), FunctionError: 'Unhandled' };
  }
  return { Payload: asPayload(bytes), ...(answer.functionError && { FunctionError: answer.functionError }) };
}

/** The SDK's type adds a text conversion that only its own client gives. */
function asPayload(bytes: Uint8Array): sdk.InvocationResponse['Payload'] {
  return bytes as sdk.InvocationResponse['Payload'];
}
