import type { MonitorReport } from '../../../lib/private/contract/monitoring';
import { keys } from '../../shared/keys';
import type { Store } from '../../shared/store';
import { breach, stillLasts } from './alarm';
import { hashOf } from './hash';
import type { Notice, SiteView } from './site-view';

/** Why an alarm is raised, kept until it is over: by then the reports say nothing of it any more. */
export interface Raised {
  /** When the alarm last changed; what happened before that comes too late. */
  readonly at: string;
  /** Absent: it is over. */
  readonly notice?: Notice;
}

/**
 * Tells of what an alarm that is raised already cannot tell, for it stays raised and CloudWatch calls for nothing: what is too old
 * when it is measured again after a silence, and what is late for another cause than people were told.
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
      const message = breach(view, report, one);
      if (!message) continue;
      const key = keys.raised(hashOf(view.site, 'RestorableAgeRatio', one.name));
      const raised = await state.get<Raised>(key);
      const before = raised?.value.notice;
      if (!before || before.message.cause === message.cause) continue;
      if (!stillLasts(before, view)) await tell({ ...before, message: { ...before.message, state: 'cleared' } });
      const notice = { message, audiences: [report.alerts] };
      // Told before it is kept: where telling fails, the next to look tells.
      await tell(notice);
      await state.put(key, { ...raised.value, notice } satisfies Raised, { etag: raised.etag });
    }
  }
}
