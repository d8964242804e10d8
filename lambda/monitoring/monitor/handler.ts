import type { LastPassed } from '../../../lib/private/contract/verification';
import { now, secondsBetween } from '../../shared/clock';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { log } from '../../shared/log';
import { metric } from '../../shared/metrics';
import { NamedError } from '../../shared/named-error';
import { Store } from '../../shared/store';

/** A shard of resources, in the input of a plan's monitor schedule. */
export interface MonitorInput {
  readonly resources: readonly { readonly name: string; readonly intervalSeconds: number }[];
}

const state = new Store(required('STATE_BUCKET'));

/**
 * Publishes DrillAgeRatio of each resource: the age of its last passed drill over its interval; above 1 it is overdue. A
 * ratio, because a CloudWatch alarm sees seven days at most and drills may be a year apart. Before the first drill the
 * age counts from when the monitor first saw the resource, so that nothing alarms before a drill was due.
 */
export const handler = async ({ resources }: MonitorInput): Promise<void> => {
  const time = now();
  const unknown: string[] = [];
  for (const { name, intervalSeconds } of resources) {
    try {
      const ratio = secondsBetween(await provenSince(name, time), time) / intervalSeconds;
      metric(required('SITE'), name, { DrillAgeRatio: [ratio, 'None'] });
    } catch (error) {
      // One resource's trouble must not silence the others; its own missing metric breaches.
      log.error('drill age unknown', {
        resource: name,
        reason: error instanceof Error ? error.message : String(error),
      });
      unknown.push(name);
    }
  }
  if (unknown.length > 0) throw new NamedError('DrillAgeUnknown', `the drill age is unknown for ${unknown.join(', ')}`);
};

async function provenSince(resource: string, time: string): Promise<string> {
  const passed = await state.get<LastPassed>(keys.lastPassed(resource));
  if (passed) return passed.value.at;
  await state.put(keys.firstSeen(resource), { at: time }, 'absent');
  return (await state.get<{ at: string }>(keys.firstSeen(resource)))?.value.at ?? time;
}
