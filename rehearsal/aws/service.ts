import type { StaticOperationSchema } from '@smithy/types';
import type { AuthorizationRequest } from './authorization';
import type { Principal } from './authorization/principal';
import { AwsError, type HttpCall, type Members, type Protocol } from './protocol/types';

/** What a handler may know of the call beside its input. */
export interface Call {
  readonly principal: Principal;
  readonly http: HttpCall;
  /** Whether the caller may also do something that AWS only looks at on the way, without being denied for it. */
  may(request: AuthorizationRequest): boolean;
}

/** One authorization, and the error that AWS answers when it is denied, where that is not the service's own. */
export interface Check extends AuthorizationRequest {
  readonly deniedAs?: (message: string) => AwsError;
  /** One of many in a call that goes on without it: whoever handles the call asks whether it may. */
  readonly perItem?: true;
}

export interface Operation {
  readonly schema: StaticOperationSchema;
  /** Everything that AWS authorizes before it acts; all of it must be allowed. Never empty. */
  readonly checks: (input: Members) => readonly Check[];
  readonly handle: (input: Members, call: Call) => Promise<Members>;
}

/** One AWS service as a drill meets it: its protocol and the operations that are rehearsed. */
export interface Service {
  /** As in the credential scope of a signature: `rds`, `s3`, `secretsmanager`, ... */
  readonly signingName: string;
  readonly protocol: Protocol;
  readonly operations: readonly Operation[];
  readonly denied: (message: string) => AwsError;
  readonly throttled: () => AwsError;
}

/**
 * Ties an operation's schema to what AWS authorizes and to what it does. Input and output are the SDK's own types.
 * @param accepts members that the rehearsal knows how to honour; any other is refused as NotRehearsed, never ignored.
 */
export function operation<Input extends object, Output extends object>(
  schema: StaticOperationSchema,
  accepts: readonly (keyof Input & string)[],
  checks: (input: Input) => readonly Check[],
  handle: (input: Input, call: Call) => Promise<Output> | Output,
): Operation {
  const known = new Set<string>(accepts);
  return {
    schema,
    checks: (input) => {
      const member = Object.keys(input).find((name) => !known.has(name));
      if (member) {
        throw notRehearsed(`${schema[2]} with ${member} is not rehearsed: leave it out, or teach rehearsal/aws`);
      }
      return checks(input as Input);
    },
    handle: async (input, call) => (await handle(input as Input, call)) as Members,
  };
}

export function notRehearsed(message: string): AwsError {
  return new AwsError('NotRehearsed', 400, message);
}

/** Where everything lives: one account and Region. */
export interface Place {
  readonly region: string;
  readonly account: string;
}

export interface Tag {
  readonly Key?: string;
  readonly Value?: string;
}

/** Condition keys of tags given in a request. */
export function requestTags(tags: readonly Tag[] | undefined): Record<string, string | readonly string[]> {
  const given = (tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''] as const);
  if (given.length === 0) {
    return {};
  }
  const values = given.map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  return { ...Object.fromEntries(values), 'aws:TagKeys': given.map(([key]) => key) };
}

/** Condition keys of tags that a resource carries. */
export function resourceTags(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map((tag) => [`aws:ResourceTag/${tag.Key ?? ''}`, tag.Value ?? '']));
}
