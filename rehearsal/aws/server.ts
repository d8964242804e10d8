import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deniedMessage, type Authorize, type AuthorizationRequest } from './authorization';
import type { Principal } from './authorization/principal';
import type { Faults } from './faults';
import { readRequest, signatureOf } from './http';
import { AwsError, type HttpAnswer, type HttpCall } from './protocol/types';
import { isThrottled, region, type Region } from './region';
import type { Call, Operation, Service } from './service';

export interface AwsOptions {
  readonly services: readonly Service[];
  /** Callers by access key id; read at every call, so callers may be added while the server runs. */
  readonly principals: ReadonlyMap<string, Principal>;
  readonly authorize: Authorize;
  /** When given, calls signed for another Region are refused, as a regional endpoint does, unless it is `elsewhere`. */
  readonly region?: string;
  /**
   * Other Regions by name: their services, which authorize by their own policies. Callers are those of this one. Read at
   * every call, so Regions come and go while the server runs.
   */
  readonly elsewhere?: ReadonlyMap<string, Pick<AwsOptions, 'services' | 'authorize'>>;
  readonly faults?: Faults;
}

/** One call as it was made and judged. */
export interface RecordedCall {
  /** ARN of the caller's role; undefined when nobody was recognised. */
  readonly principal?: string;
  readonly service: string;
  /** Region that the call was signed for. */
  readonly region: string;
  readonly operation: string;
  readonly allowed: boolean;
  readonly authorizations: readonly AuthorizationRequest[];
  /** Code of the error answered. */
  readonly error?: string;
}

export interface RunningAws {
  readonly url: string;
  readonly port: number;
  readonly calls: readonly RecordedCall[];
  /** Mistakes of the rehearsal itself; a test that finds any has failed. */
  readonly problems: readonly Error[];
  close(): Promise<void>;
}

/** Starts AWS's APIs on a free port of 127.0.0.1. Clients reach them by AWS_ENDPOINT_URL. */
export async function startAws(options: AwsOptions): Promise<RunningAws> {
  const calls: RecordedCall[] = [];
  const problems: Error[] = [];
  const aws = new Dispatcher(options, calls, problems);
  const server = createServer((request, response) => void respond(aws, problems, request, response));
  // A connection that is closed for idling while a client begins to use it is an error that no real endpoint's clients see.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, port, calls, problems, close };
}

async function respond(aws: Dispatcher, problems: Error[], request: IncomingMessage, response: ServerResponse) {
  try {
    const answer = await aws.answer(await readRequest(request));
    response.writeHead(answer.status, { ...answer.headers, 'content-length': lengthOf(answer, request) });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  } catch (error) {
    // A caller that was killed halfway is no mistake of ours, and hears no answer.
    if (!request.complete) {
      response.destroy();
      return;
    }
    problems.push(error as Error);
    response.writeHead(400, { 'content-type': 'text/plain' });
    response.end(`the rehearsal failed: ${(error as Error).message}`);
  }
}

/** A HEAD answer says how long the body would be. */
function lengthOf(answer: HttpAnswer, request: IncomingMessage): number {
  const declared = answer.headers['content-length'];
  return request.method === 'HEAD' && declared ? Number(declared) : Buffer.byteLength(answer.body);
}

class Dispatcher {
  private readonly home: Region;
  private readonly elsewhere = new WeakMap<object, Region>();

  constructor(
    private readonly options: AwsOptions,
    private readonly calls: RecordedCall[],
    private readonly problems: Error[],
  ) {
    this.home = region(options);
  }

  async answer(http: HttpCall): Promise<HttpAnswer> {
    const scope = signatureOf(http);
    const { services, authorize } = this.regionNamed(scope?.region) ?? this.home;
    const service = scope && services.get(scope.service);
    if (!scope || !service) {
      const known = [...services.keys()].join(', ');
      const message = scope ? `service '${scope.service}' is not rehearsed: known are ${known}` : 'no signature found';
      return {
        status: 403,
        headers: { 'content-type': 'text/plain', 'x-amzn-errortype': 'NotRehearsed' },
        body: message,
      };
    }
    const requestId = randomUUID();
    const schemas = service.operations.map((one) => one.schema);
    const record = {
      principal: undefined as string | undefined,
      service: service.signingName,
      region: scope.region,
      operation: 'unknown',
      allowed: false,
      authorizations: [] as AuthorizationRequest[],
      error: undefined as string | undefined,
    };
    this.calls.push(record);
    try {
      record.operation = service.protocol.operationName(http, schemas) ?? `${http.method} ${http.path}`;
      const principal = this.principal(scope);
      record.principal = principal.arn;
      const operation = this.operation(service, record.operation);
      if (isThrottled(this.options.faults, service, record.operation)) {
        throw service.throttled();
      }
      const input = service.protocol.decode(operation.schema, http);
      this.authorize(authorize, service, operation, input, principal, record.authorizations);
      record.allowed = true;
      const output = await operation.handle(input, this.call(authorize, principal, http));
      return service.protocol.encode(operation.schema, output, requestId);
    } catch (error) {
      const answered = this.asAwsError(error);
      record.error = answered.code;
      return service.protocol.encodeError(answered, requestId, http);
    }
  }

  private regionNamed(name = ''): Region | undefined {
    const there = this.options.elsewhere?.get(name);
    if (!there) return undefined;
    const found = this.elsewhere.get(there) ?? region(there);
    this.elsewhere.set(there, found);
    return found;
  }

  private principal(scope: { accessKeyId: string; region: string }): Principal {
    const principal = this.options.principals.get(scope.accessKeyId);
    if (!principal) {
      throw new AwsError('InvalidClientTokenId', 403, 'The security token included in the request is invalid.');
    }
    if (this.options.region && scope.region !== this.options.region && !this.regionNamed(scope.region)) {
      const message = `Credential should be scoped to a valid region: '${scope.region}' is not ${this.options.region}.`;
      throw new AwsError('SignatureDoesNotMatch', 403, message);
    }
    return principal;
  }

  private operation(service: Service, name: string): Operation {
    const operation = service.operations.find((one) => one.schema[2] === name);
    if (!operation) {
      throw new AwsError('NotRehearsed', 400, `${service.signingName} ${name} is not rehearsed: no drill calls it`);
    }
    return operation;
  }

  private authorize(
    authorize: Authorize,
    service: Service,
    operation: Operation,
    input: object,
    principal: Principal,
    recorded: AuthorizationRequest[],
  ): void {
    for (const { deniedAs, perItem, ...request } of operation.checks(input as Record<string, unknown>)) {
      recorded.push(request);
      const decision = authorize(principal, request);
      if (!decision.allowed && !perItem) {
        throw (deniedAs ?? service.denied)(deniedMessage(principal, request, decision));
      }
    }
    if (recorded.length === 0) {
      throw new Error(`${service.signingName} ${operation.schema[2]} authorizes nothing: say what AWS checks`);
    }
  }

  private call(authorize: Authorize, principal: Principal, http: HttpCall): Call {
    return { principal, http, may: (request) => authorize(principal, request).allowed };
  }

  /** Anything else than an AwsError is a mistake of ours. 400, so that no client retries it for minutes. */
  private asAwsError(error: unknown): AwsError {
    if (error instanceof AwsError) {
      return error;
    }
    this.problems.push(error as Error);
    return new AwsError('RehearsalFailed', 400, `the rehearsal failed: ${(error as Error).message}`);
  }
}
