import {
  createAuthorize,
  startAws,
  type PolicyDocument,
  type Principal,
  type RunningAws,
  type Service,
} from '../../../rehearsal/aws';
import type { AwsOptions } from '../../../rehearsal/aws';

export const region = 'eu-west-1';
export const account = '111122223333';
export const place = { region, account };
export const keyArn = `arn:aws:kms:${region}:${account}:key/0a1b2c3d-0000-4000-8000-000000000001`;

export const everything: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
};

export function role(name: string, ...policies: PolicyDocument[]): Principal {
  return { arn: `arn:aws:iam::${account}:role/${name}`, policies };
}

export function policy(action: string | string[], resource: string | string[], more: object = {}): PolicyDocument {
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: action, Resource: resource, ...more } };
}

/** Client configuration for the caller with this access key id. */
export function clientOf(aws: RunningAws, accessKeyId = 'AKIAADMIN', more: object = {}) {
  return {
    region,
    endpoint: aws.url,
    credentials: { accessKeyId, secretAccessKey: 'not checked here' },
    maxAttempts: 1,
    ...more,
  };
}

/** Starts AWS with one all-powerful caller, AKIAADMIN, and the given others by access key id. */
export function start(
  services: Service[],
  callers: Record<string, Principal> = {},
  more: Partial<AwsOptions> & { resourcePolicies?: Record<string, PolicyDocument> } = {},
): Promise<RunningAws> {
  const principals = new Map(Object.entries({ AKIAADMIN: role('admin', everything), ...callers }));
  const authorize = createAuthorize({ region, resourcePolicies: more.resourcePolicies });
  return startAws({ services, principals, authorize, region, ...more });
}

/** What a call rejected with; fails when it did not. */
export async function rejection(
  call: Promise<unknown>,
): Promise<Error & { $metadata?: { httpStatusCode?: number }; $fault?: string }> {
  try {
    await call;
  } catch (error) {
    return error as Error;
  }
  throw new Error('the call succeeded, but a rejection was expected');
}

export async function until<T>(ask: () => Promise<T>, fits: (value: T) => boolean, seconds = 30): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await ask();
    if (fits(value)) return value;
    if (Date.now() > end) throw new Error(`not within ${seconds} s; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
