import type { StaticErrorSchema, StaticOperationSchema } from '@smithy/types';

/** One HTTP request, read to its end. Header names in lower case; `path` as sent, still percent-encoded. */
export interface HttpCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** Members of a decoded request or of an answer, by their names in the SDK. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * How a service is spoken to. Each of AWS's protocols is one of these, driven by the SDK's own schemas, so names and
 * types are AWS's and not ours.
 */
export interface Protocol {
  /** The operation that a request names, whether or not it is rehearsed; undefined when none is recognised. */
  operationName(call: HttpCall, operations: Iterable<StaticOperationSchema>): string | undefined;
  /** Reads a request by its schema. Throws AwsError for unknown names, wrong types and missing required members. */
  decode(operation: StaticOperationSchema, call: HttpCall): Members;
  /** Writes an answer by its schema. Throws AnswerRefused for a member that the schema does not know. */
  encode(operation: StaticOperationSchema, output: Members, requestId: string): HttpAnswer;
  encodeError(error: AwsError, requestId: string, call: HttpCall): HttpAnswer;
}

/** An error that AWS would answer. `code` is the SDK's name of it unless a schema gives another wire code. */
export class AwsError extends Error {
  override readonly name: string;

  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    readonly schema?: StaticErrorSchema,
    readonly members: Members = {},
    /** HTTP headers beside it. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** An error of the service's model: code and status come from its schema. */
export function modelled(schema: StaticErrorSchema, message: string, members: Members = {}): AwsError {
  const traits = schema[3] as { awsQueryError?: [string, number]; httpError?: number } | number;
  const named = typeof traits === 'object' ? traits : {};
  const code = named.awsQueryError?.[0] ?? schema[2];
  return new AwsError(code, named.awsQueryError?.[1] ?? named.httpError ?? 400, message, schema, members);
}

/** A handler answered what AWS could not answer: a mistake of the rehearsal, never the caller's. */
export class AnswerRefused extends Error {
  override readonly name = 'AnswerRefused';
}
