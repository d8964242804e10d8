import { keys } from '../../shared/keys';
import type { Store } from '../../shared/store';
import { raisedBy, stillLasts } from '../messages/alarm';
import { ourMetric, since, type AlarmEvent } from '../messages/alarm/payload';
import { MONITOR } from '../messages/alarm/unmeasured';
import { hashOf } from '../messages/hash';
import type { Notice, SiteView } from '../messages/site-view';
import { over, takeOver, type Raised } from '../messages/take-over';

/**
 * What people are told when an alarm changes. CloudWatch calls for a change alone, maybe twice and not always in order.
 * `tell` is called before anything is forgotten, so that a call that is repeated says what the first one could not.
 */
export async function alarmChanged(
  event: AlarmEvent,
  state: Store,
  view: SiteView,
  tell: (notice: Notice) => Promise<void>,
): Promise<void> {
  const key = keyOf(event, view);
  const at = since(event);
  const before = (await state.get<Raised>(key))?.value;
  if (before && before.at > at) return;
  if (event.alarmData.state.value === 'ALARM') {
    const notices = raisedBy(event, view);
    await state.put(key, { at, notices } satisfies Raised);
    for (const notice of notices) await tell(notice);
  }
  if (event.alarmData.state.value === 'OK') {
    if (before?.notices) await end(before.notices, event, state, view, tell);
    await state.put(key, { at } satisfies Raised);
  }
}

async function end(
  notices: readonly Notice[],
  event: AlarmEvent,
  state: Store,
  view: SiteView,
  tell: (notice: Notice) => Promise<void>,
): Promise<void> {
  const exempt = ourMetric(event)?.resource;
  for (const notice of notices) if (!stillLasts(notice, view, exempt)) await tell(over(notice));
  if (notices.some(({ message }) => message.cause === MONITOR)) await takeOver(state, view, view.reports, tell);
}

/** An alarm of ours is known by what it watches, any other by its name. */
function keyOf(event: AlarmEvent, { site }: SiteView): string {
  const metric = ourMetric(event);
  return keys.raised(metric ? hashOf(site, metric.name, metric.resource) : hashOf(site, event.alarmData.alarmName));
}
