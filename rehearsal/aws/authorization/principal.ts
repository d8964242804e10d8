import { list, PolicyNotUnderstood, type Context, type PolicyDocument, type Statement } from './policy';

/** Who calls: a role as it was synthesized, in one session. */
export interface Principal {
  /** ARN of the role: `arn:aws:iam::<account>:role/<name>`. */
  readonly arn: string;
  /** Name of the session, shown in messages; default `rehearsal`. */
  readonly session?: string;
  /** Identity policies of the role: inline and managed alike. */
  readonly policies: readonly PolicyDocument[];
  readonly boundary?: PolicyDocument;
  /** Condition keys of this caller, for example `lambda:SourceFunctionArn`. */
  readonly context?: Context;
}

/** As AWS names the caller in messages: `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
export function sessionArn(principal: Principal): string {
  const [, partition, , , account, resource] = principal.arn.split(':');
  const role = resource.split('/').at(-1);
  return `arn:${partition}:sts::${account}:assumed-role/${role}/${principal.session ?? 'rehearsal'}`;
}

export function accountOf(principal: Principal): string {
  return principal.arn.split(':')[4];
}

/** How the Principal element of a resource policy names a caller: itself, through its account, or not. */
export function named(statement: Statement, principal: Principal): 'itself' | 'account' | 'not' {
  if (statement.Principal === undefined) {
    throw new PolicyNotUnderstood('a resource policy statement without Principal is not understood');
  }
  if (statement.Principal === '*') {
    return 'itself';
  }
  const unknown = Object.keys(statement.Principal).find((kind) => !['AWS', 'Service'].includes(kind));
  if (unknown) {
    throw new PolicyNotUnderstood(`principal kind '${unknown}' is not known: use AWS or Service`);
  }
  const account = accountOf(principal);
  const ways = list(statement.Principal.AWS).map((arn) => {
    if (arn === '*' || arn === principal.arn || arn === sessionArn(principal)) {
      return 'itself';
    }
    return arn === account || /^arn:[^:]+:iam::(\d+):root$/.exec(arn)?.[1] === account ? 'account' : 'not';
  });
  return ways.includes('itself') ? 'itself' : ways.includes('account') ? 'account' : 'not';
}
