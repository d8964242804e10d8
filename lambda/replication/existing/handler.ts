import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { ExistingObjectsDefinition } from '../../../lib/private/contract/existing';
import { send } from '../../monitoring/messages/send';
import { now, secondsBetween } from '../../shared/clock';
import { required, seconds } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { log } from '../../shared/log';
import { NamedError } from '../../shared/named-error';
import { Store, type Stored } from '../../shared/store';
import { definitionOf, type ExistingInput, isDefinition, requireRequest } from './definition';
import { createJob, describeJob } from './jobs';
import { ended, notAsked } from './message';
import { foundNothing, hasEnded, type JobRecord, newRecord } from './record';

const s3 = new S3ControlClient();
const scheduler = new SchedulerClient();
const state = new Store(required('STATE_BUCKET'));

/** How long a job may not be asked for before people hear of it. */
const PATIENCE_SECONDS = 3 * 3_600;

/** What became of the jobs of one bucket. */
interface Outcome {
  readonly jobs: readonly Pick<JobRecord, 'job' | 'status' | 'objects'>[];
}

/**
 * Has objects replicated that are older than their bucket's rule: once by its schedule, which then looks after the job, and again
 * for every reason that a person gives.
 */
export const handler = async (input: ExistingInput): Promise<Outcome> => {
  if (isDefinition(input)) return { jobs: await lookAfter(input) };
  const { resource, reason } = requireRequest(input);
  const definition = await definitionOf(scheduler, required('SCHEDULE_GROUP'), resource);
  await requireNoneRunning(definition, reason);
  const record = await proceed(definition, newRecord(definition, reason, now()));
  return { jobs: [shown(record)] };
};

/** The one after deployment, and those that people asked for. One that has trouble keeps no other from being looked after. */
async function lookAfter(definition: ExistingObjectsDefinition): Promise<Outcome['jobs']> {
  const first = newRecord(definition, undefined, now());
  const known = await recordsOf(definition.resource);
  const all = known.some(({ asked }) => asked.token === first.asked.token) ? known : [first, ...known];
  const outcomes = await Promise.allSettled(all.map((record) => proceed(definition, record)));
  const failed = outcomes.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return outcomes.flatMap((one) => (one.status === 'fulfilled' ? [shown(one.value)] : []));
}

/**
 * Takes a job as far as it goes now: kept, asked for, looked at, told. Each step is kept before the next, so whoever dies between is
 * followed by somebody who goes on there.
 */
async function proceed(definition: ExistingObjectsDefinition, wanted: JobRecord): Promise<JobRecord> {
  const key = keys.existingJob(wanted.resource, wanted.asked.token);
  await state.put(key, wanted, 'absent');
  let held = await stored(key);
  if (held.value.job === undefined) {
    if (!settled(held.value)) return held.value;
    const job = await ask(definition, held.value);
    log.info('asked for', { resource: wanted.resource, job, reason: held.value.reason });
    held = await keep(key, held, { job, status: 'New' });
  }
  if (!hasEnded(held.value)) {
    held = await keep(key, held, await describeJob(s3, held.value.asked, held.value.job!));
  }
  if (hasEnded(held.value) && !held.value.told) {
    if (foundNothing(held.value)) log.info('nothing is older than the rule', { resource: wanted.resource });
    else
      await send(ended(required('SITE'), `${required('PREFIX')}existing`, definition, held.value), definition.alerts);
    held = await keep(key, held, { told: true });
  }
  return held.value;
}

/** Rule and roles were made by the same deployment as the schedule, and AWS does not know them everywhere at once. */
function settled({ reason, requestedAt }: JobRecord): boolean {
  return reason !== undefined || secondsBetween(requestedAt, now()) >= seconds('SETTLE_SECONDS');
}

/** What throttles passes by itself; what goes on for hours is told. */
async function ask(definition: ExistingObjectsDefinition, record: JobRecord): Promise<string> {
  try {
    return await createJob(s3, record.asked);
  } catch (error) {
    if (secondsBetween(record.requestedAt, now()) >= PATIENCE_SECONDS) {
      await send(notAsked(required('SITE'), definition, record, error), definition.alerts);
    }
    throw error;
  }
}

/** Somebody who was faster has kept the same, or more. */
async function keep(key: string, held: Stored<JobRecord>, more: Partial<JobRecord>): Promise<Stored<JobRecord>> {
  await state.put(key, { ...held.value, ...more }, { etag: held.etag });
  return stored(key);
}

async function stored(key: string): Promise<Stored<JobRecord>> {
  const held = await state.get<JobRecord>(key);
  if (held) return held;
  throw new NamedError('RecordGone', `${key} was in the state bucket and is not any more; the next run begins again`);
}

async function recordsOf(resource: string): Promise<JobRecord[]> {
  const found = await Promise.all((await state.list(keys.existingJobs(resource))).map((key) => stored(key)));
  return found.map(({ value }) => value);
}

/** What two jobs list they both replicate, and pay for. */
async function requireNoneRunning({ resource }: ExistingObjectsDefinition, reason: string): Promise<void> {
  const running = (await recordsOf(resource)).find((record) => !hasEnded(record) && record.reason !== reason);
  if (!running) return;
  throw new NamedError(
    'StillRunning',
    `job ${running.job ?? 'that was just asked for'} still replicates objects of ${resource}: wait until it has ended`,
  );
}

function shown({ job, status, objects }: JobRecord): Outcome['jobs'][number] {
  return { job, status, objects };
}
