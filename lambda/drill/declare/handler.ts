import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import type { DrillDefinition, DrillFacts, DrillInput } from '../../../lib/private/contract/drill';
import type { LastPassed } from '../../../lib/private/contract/verification';
import { plusSeconds } from '../../shared/clock';
import { patience, required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { acquireLock } from '../../shared/lock';
import { drillNames } from '../../shared/names';
import { NamedError } from '../../shared/named-error';
import { Store } from '../../shared/store';
import { completeChecks, parseDefinition } from './definition';
import { declaredDisaster, drillId } from './identity';

export interface DeclareEvent {
  readonly input: DrillInput;
  readonly execution: string;
  readonly startedAt: string;
}

const scheduler = new SchedulerClient();
const state = new Store(required('STATE_BUCKET'));

/** Declare disaster: drill id, names of everything, reference time and lock, from the schedule itself. */
export const handler = async (event: DeclareEvent): Promise<DrillFacts> => {
  const { arn, definition } = await readSchedule(event.input.schedule);
  const id = drillId(arn, event.input.scheduledTime ?? event.execution);
  await claimStart(id, event.execution);
  await state.put(keys.definition(id), await completeChecks(definition));

  const resource = definition.resource.name;
  const lastPassed = await state.get<LastPassed>(keys.lastPassed(resource));
  const facts: DrillFacts = {
    id,
    site: required('SITE'),
    name: definition.drill,
    resource,
    execution: event.execution,
    definition: keys.definition(id),
    disasterAt: declaredDisaster(event.input.scheduledTime, event.startedAt),
    startedAt: event.startedAt,
    names: drillNames(required('PREFIX'), id),
    expiresAt: plusSeconds(event.startedAt, patience().ttl),
    rtoSeconds: definition.objectives.rtoSeconds,
    ...(lastPassed && { lastRestoreSeconds: lastPassed.value.restoreSeconds }),
  };
  // Before the lock: if we die holding it, the recorder finds the drill by these, records it and releases the resource.
  await state.put(keys.execution(event.execution), facts);
  const lock = { drillId: id, execution: event.execution, expiresAt: facts.expiresAt };
  const holder = await acquireLock(state, resource, lock, event.startedAt);
  if (!holder) return facts;

  const blockedBy = `drill ${holder.drillId} holds ${resource} until it ends, at the latest ${holder.expiresAt}`;
  const blocked = { ...facts, blockedBy };
  await state.put(keys.execution(event.execution), blocked);
  return blocked;
};

/** The schedule is the registry: only its name is taken from the input, and only from the site's own group. */
async function readSchedule(name: unknown): Promise<{ arn: string; definition: DrillDefinition }> {
  if (typeof name !== 'string' || !/^[0-9a-zA-Z_.-]{1,64}$/.test(name)) {
    throw new NamedError(
      'InvalidInput',
      'the input must be {"schedule": NAME}, the name of a schedule in this site’s group',
    );
  }
  const answer = await scheduler.send(new GetScheduleCommand({ GroupName: required('SCHEDULE_GROUP'), Name: name }));
  return { arn: answer.Arn ?? name, definition: parseDefinition(answer.Target?.Input, name) };
}

/** A second start of the same scheduled time is recognised here; our own retry is not a second start. */
async function claimStart(id: string, execution: string): Promise<void> {
  if (await state.put(keys.start(id), { execution }, 'absent')) return;
  const first = await state.get<{ execution: string }>(keys.start(id));
  if (first?.value.execution !== execution) {
    throw new NamedError(
      'DuplicateDrill',
      `drill ${id} was already started by ${first?.value.execution ?? 'another execution'}`,
    );
  }
}
