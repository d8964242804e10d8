import type { Authorize } from './authorization';
import type { Faults } from './faults';
import type { Service } from './service';

/** What answers calls in one Region. */
export interface RegionOptions {
  readonly services: readonly Service[];
  readonly authorize: Authorize;
}

/** The services of one Region, and what they ask before they answer. */
export interface Region {
  readonly services: ReadonlyMap<string, Service>;
  readonly authorize: Authorize;
}

export function region({ services, authorize }: RegionOptions): Region {
  return { services: new Map(services.map((service) => [service.signingName, service])), authorize };
}

/** How much of a throttled call each fault has saved up: at one, a call is throttled. */
const savedUp = new WeakMap<object, number>();

export function isThrottled(faults: Faults | undefined, { signingName }: Service, operation: string): boolean {
  const throttle = faults?.throttle;
  if (throttle?.service !== signingName || operation !== (throttle.operation ?? operation)) return false;
  const saved = (savedUp.get(throttle) ?? 0) + (throttle.rate ?? 1);
  savedUp.set(throttle, saved % 1);
  return saved >= 1;
}
