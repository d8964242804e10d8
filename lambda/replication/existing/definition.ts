import { createHash } from 'node:crypto';
import { GetScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import type { ExistingObjectsDefinition } from '../../../lib/private/contract/existing';
import { NamedError, nameOf } from '../../shared/named-error';

/** What a person invokes the function with: objects are tried once more, for a reason. The same reason is the same request. */
export interface Request {
  /** `<plan>/<resource>` */
  readonly resource: string;
  /** Why, 1 to 200 characters. */
  readonly reason: string;
}

export type ExistingInput = ExistingObjectsDefinition | Request;

export function isDefinition(input: ExistingInput): input is ExistingObjectsDefinition {
  return (input as Partial<ExistingObjectsDefinition> | null)?.schema === 'cdk-recoverable/existing-objects/v1';
}

export function requireRequest(input: ExistingInput): Request {
  const { resource, reason } = (input ?? {}) as Partial<Request>;
  const named = typeof resource === 'string' && /^[A-Za-z0-9][\w.-]{0,63}\/[A-Za-z0-9][\w.-]{0,63}$/.test(resource);
  const said = typeof reason === 'string' && reason.trim() !== '' && reason.length <= 200;
  if (named && said) return { resource, reason: reason.trim() };
  throw new NamedError(
    'InvalidInput',
    'replicating existing objects takes {"resource": "<plan>/<resource>", "reason": "<1 to 200 characters>"}',
  );
}

/** The schedule says what is replicated where; whoever invokes the function says no more than which. */
export async function definitionOf(
  scheduler: SchedulerClient,
  group: string,
  resource: string,
): Promise<ExistingObjectsDefinition> {
  try {
    const schedule = await scheduler.send(new GetScheduleCommand({ GroupName: group, Name: scheduleName(resource) }));
    const definition = JSON.parse(schedule.Target?.Input ?? 'null') as ExistingObjectsDefinition;
    if (definition?.resource === resource && isDefinition(definition)) return definition;
  } catch (error) {
    if (nameOf(error) !== 'ResourceNotFoundException') throw error;
  }
  throw new NamedError(
    'UnknownResource',
    `no existing objects of ${resource} are replicated by this site: protect it with protectBucket and existingObjects, then deploy`,
  );
}

/** The same as lib gives it; a test compares them. */
export function scheduleName(resource: string): string {
  return `existing-${createHash('sha256').update(resource).digest('hex').slice(0, 12)}`;
}
