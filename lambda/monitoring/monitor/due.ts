import type { MonitorReport } from '../../../lib/private/contract/monitoring';
import { secondsBetween } from '../../shared/clock';
import { isAskedInEveryRun } from '../freshness/kinds';
import type { Watch } from '../freshness/watches';

/** An hour less what a schedule may be late. */
const FULL_SECONDS = 55 * 60;

/** A day less an hour. */
const DAILY_SECONDS = 23 * 3600;

export interface Due {
  /** Everything is asked, not points in time alone. */
  readonly full: boolean;
  /** Settings, keys, vaults and quotas too. */
  readonly settings: boolean;
  /** Vaults are listed as far back as anything may be old: what somebody removed shows. */
  readonly deep: boolean;
}

/**
 * What a run asks beside points in time. What is new is asked for everything at once; settings that somebody was told of are asked
 * again hourly, those that page in every run: whoever mends them sees it.
 */
export function due(before: MonitorReport | undefined, watches: readonly Watch[], now: string): Due {
  if (!before) return { full: true, settings: true, deep: true };
  const full =
    isPast(before.fullAt, FULL_SECONDS, now) || watches.some((one) => isNew(one) || grewTooOld(one, before.at, now));
  const paged = before.findings.some(({ severity }) => severity === 'page');
  // Settings may be asked hourly, so that when they were says nothing of this.
  const deep = isPast(before.deepAt, DAILY_SECONDS, now);
  const settings =
    deep || isPast(before.settingsAt, DAILY_SECONDS, now) || paged || (full && before.findings.length > 0);
  return { full: full || deep, settings, deep };
}

function isPast(last: string | undefined, seconds: number, now: string): boolean {
  return last === undefined || !(secondsBetween(last, now) < seconds);
}

/**
 * What has become too old since it was last asked for may have been renewed meanwhile: nothing is called late before AWS was asked.
 * What was late already is asked for hourly, as everything is.
 */
function grewTooOld({ before }: Watch, last: string, now: string): boolean {
  if (!before) return false;
  const grown = secondsBetween(last, now);
  const [moments, hourly] = [true, false].map((often) =>
    before.sources.filter((one) => isAskedInEveryRun(one) === often),
  );
  const { restorable } = before;
  const ofMoment = moments.some(({ newest }) => newest === restorable?.newest);
  const ages = restorable && !ofMoment ? [...hourly, restorable] : hourly;
  return ages.some(({ ratio, ageSeconds, allowedSeconds }) => ratio <= 1 && ageSeconds + grown > allowedSeconds);
}

/** Never seen, or another database under the same name. */
function isNew({ before, facts }: Watch): boolean {
  if (!before) return true;
  const seen = typeof facts === 'object' ? facts.resourceId : undefined;
  return seen !== undefined && seen !== before.resourceId;
}
