import type { DrillNames } from '../../lib/private/contract/drill';

/**
 * Every name a drill creates under, from the site's prefix and the drill id alone. Pure, so teardown and sweeper know
 * the names even when a create call's answer was lost. RDS identifiers: 1 to 63 letters, digits and single hyphens.
 */
export function drillNames(prefix: string, drillId: string): DrillNames {
  return { instance: `${prefix}${drillId}`, secret: `${prefix}${drillId}` };
}
