import { keys } from '../../shared/keys';
import type { Store } from '../../shared/store';
import { breach, stillLasts } from './alarm';
import { MONITOR } from './alarm/unmeasured';
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
 * Tells of what is too old now that it is measured again, where silence had raised the alarm: it stays raised, so CloudWatch calls
 * for nothing.
 */
export async function takeOver(state: Store, view: SiteView, tell: (notice: Notice) => Promise<void>): Promise<void> {
  for (const report of view.reports) {
    for (const one of [...report.resources, ...report.tagged]) {
      const message = breach(view, report, one);
      if (!message) continue;
      const key = keys.raised(hashOf(view.site, 'RestorableAgeRatio', one.name));
      const raised = await state.get<Raised>(key);
      if (!raised?.value.notice || raised.value.notice.message.cause !== MONITOR) continue;
      const { message: silence, audiences } = raised.value.notice;
      if (!stillLasts(MONITOR, view, undefined)) await tell({ message: { ...silence, state: 'cleared' }, audiences });
      const notice = { message, audiences: [report.alerts] };
      // Told before it is kept: where telling fails, the next to look tells.
      await tell(notice);
      await state.put(key, { ...raised.value, notice } satisfies Raised, { etag: raised.etag });
    }
  }
}
