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

export function isThrottled(faults: Faults | undefined, { signingName }: Service, operation: string): boolean {
  const throttle = faults?.throttle;
  return throttle?.service === signingName && operation === (throttle.operation ?? operation);
}
