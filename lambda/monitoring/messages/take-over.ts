import type { MonitorReport } from '../../../lib/private/contract/monitoring';
import { keys } from '../../shared/keys';
import type { Store } from '../../shared/store';
import { breachesOf, stillLasts } from './alarm';
import { hashOf } from './hash';
import type { Notice, SiteView } from './site-view';

/** Why an alarm is raised, kept until it is over: by then the reports say nothing of it any more. */
export interface Raised {
  /** When the alarm last changed; what happened before that comes too late. */
  readonly at: string;
  /** One of each cause. Absent: it is over. */
  readonly notices?: readonly Notice[];
}

/**
 * Tells of what an alarm that is raised already cannot tell, for it stays raised and CloudWatch calls for nothing: what is too old
 * when it is measured again after a silence, what is late for another cause than people were told, and what else is late of all
 * that bear a tag and share one alarm.
 * @param reports those of the view whose alarms are looked at.
 */
export async function takeOver(
  state: Store,
  view: SiteView,
  reports: readonly MonitorReport[],
  tell: (notice: Notice) => Promise<void>,
): Promise<void> {
  for (const report of reports) {
    for (const one of [...report.resources, ...report.tagged]) {
      const notices = breachesOf(view, report, one).map((message): Notice => ({ message, audiences: [report.alerts] }));
      if (notices.length === 0) continue;
      const key = keys.raised(hashOf(view.site, 'RestorableAgeRatio', one.name));
      const raised = await state.get<Raised>(key);
      const before = raised?.value.notices;
      if (!before) continue;
      const [ended, began] = [without(before, notices), without(notices, before)];
      if (ended.length + began.length === 0) continue;
      for (const old of ended) if (!stillLasts(old, view)) await tell(over(old));
      // Told before it is kept: where telling fails, the next to look tells.
      for (const notice of began) await tell(notice);
      await state.put(key, { ...raised.value, notices } satisfies Raised, { etag: raised.etag });
    }
  }
}

/** That what people were told is over. */
export function over({ message, audiences }: Notice): Notice {
  return { message: { ...message, state: 'cleared' }, audiences };
}

function without(all: readonly Notice[], others: readonly Notice[]): Notice[] {
  return all.filter(({ message }) => !others.some((other) => other.message.cause === message.cause));
}
