import { conditionsHold, known, testsOf, type KnownContext } from './authorization/conditions';
import { covers, like } from './authorization/pattern';
import { list, statementsOf, type Context, type PolicyDocument, type Statement } from './authorization/policy';
import { accountOf, named, sessionArn, type Principal } from './authorization/principal';

export { PolicyNotUnderstood, type Context, type PolicyDocument, type Statement } from './authorization/policy';
export { sessionArn, type Principal } from './authorization/principal';

/** One thing that AWS checks before it answers a call. */
export interface AuthorizationRequest {
  readonly action: string;
  /** ARN, or `*` where the action knows no resources. */
  readonly resource: string;
  readonly context?: Context;
}

export interface Decision {
  readonly allowed: boolean;
  /** How AWS ends its sentence: `because no identity-based policy allows the ... action`. */
  readonly reason: string;
}

export type Authorize = (principal: Principal, request: AuthorizationRequest) => Decision;

export interface AuthorizationOptions {
  readonly region: string;
  /** Policies of buckets, keys and functions by ARN. A bucket's covers its objects, a function's its versions. */
  readonly resourcePolicies?: Readonly<Record<string, PolicyDocument>>;
}

/**
 * Decides as IAM does within one account: an explicit Deny wins; a boundary must allow; then an identity policy or
 * the resource's own policy allows. A KMS key's policy must take part, unless none was given here.
 */
export function createAuthorize(options: AuthorizationOptions): Authorize {
  const resourcePolicies = options.resourcePolicies ?? {};
  return (principal, request) => {
    const context = known({ ...globalContext(principal, options.region), ...principal.context, ...request.context });
    const applies = (statement: Statement) => matches(statement, request, context);
    const identity = principal.policies.flatMap(statementsOf).filter(applies);
    const resourcePolicy = resourcePolicies[ownerOfPolicy(request.resource)];
    const resource = resourcePolicy
      ? statementsOf(resourcePolicy)
          .filter((statement) => named(statement, principal) !== 'not')
          .filter(applies)
      : [];
    const boundary = principal.boundary && statementsOf(principal.boundary).filter(applies);
    return decide(request, principal, { identity, resource, boundary, hasResourcePolicy: !!resourcePolicy });
  };
}

interface Applying {
  readonly identity: readonly Statement[];
  readonly resource: readonly Statement[];
  readonly boundary: readonly Statement[] | undefined;
  readonly hasResourcePolicy: boolean;
}

function decide({ action }: AuthorizationRequest, principal: Principal, applying: Applying): Decision {
  const denies = (statement: Statement) => statement.Effect === 'Deny';
  const allows = (statement: Statement) => statement.Effect === 'Allow';
  const denied = (reason: string): Decision => ({ allowed: false, reason });
  if (applying.identity.some(denies)) return denied('with an explicit deny in an identity-based policy');
  if (applying.resource.some(denies)) return denied('with an explicit deny in a resource-based policy');
  if (applying.boundary?.some(denies)) return denied('with an explicit deny in a permissions boundary');
  if (applying.boundary && !applying.boundary.some(allows)) {
    return denied(`because no permissions boundary allows the ${action} action`);
  }
  const byIdentity = applying.identity.some(allows);
  const ways = applying.resource.filter(allows).map((statement) => named(statement, principal));
  if (ways.includes('itself')) {
    return { allowed: true, reason: 'allowed by a resource-based policy' };
  }
  if (action.startsWith('kms:') && applying.hasResourcePolicy && !ways.includes('account')) {
    return denied(`because no resource-based policy allows the ${action} action`);
  }
  return byIdentity
    ? { allowed: true, reason: 'allowed by an identity-based policy' }
    : denied(`because no identity-based policy allows the ${action} action`);
}

function matches(statement: Statement, request: AuthorizationRequest, context: KnownContext): boolean {
  const action = (pattern: string) => like(pattern, request.action, true);
  const resource = (pattern: string) => covers(pattern, request.resource);
  const onAction = statement.Action ? list(statement.Action).some(action) : !list(statement.NotAction).some(action);
  const onResource = statement.Resource
    ? list(statement.Resource).some(resource)
    : !list(statement.NotResource).some(resource);
  // The condition is read even when the rest does not apply: an unknown operator must never go unnoticed.
  if (statement.Condition) testsOf(statement.Condition);
  return onAction && onResource && conditionsHold(statement.Condition, context);
}

/** What AWS knows of every call. Traffic on AWS is over TLS; the loopback here stands for it. */
function globalContext(principal: Principal, region: string): Context {
  return {
    'aws:PrincipalArn': principal.arn,
    'aws:PrincipalAccount': accountOf(principal),
    'aws:PrincipalType': 'AssumedRole',
    'aws:ResourceAccount': accountOf(principal),
    'aws:RequestedRegion': region,
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
  };
}

function ownerOfPolicy(resource: string): string {
  if (resource.startsWith('arn:aws:s3:::')) {
    return resource.split('/')[0];
  }
  return /^(arn:[^:]+:lambda:[^:]*:\d*:function:[^:]+)/.exec(resource)?.[1] ?? resource;
}

/** AWS's sentence for a denied call. */
export function deniedMessage(principal: Principal, request: AuthorizationRequest, decision: Decision): string {
  return `User: ${sessionArn(principal)} is not authorized to perform: ${request.action} on resource: ${request.resource} ${decision.reason}`;
}
