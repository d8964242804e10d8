import type { Unprotected } from '../../../lib/private/contract/history';
import type { MonitorDefinition } from '../../../lib/private/contract/monitoring';
import { tagValue, type Tag } from '../../shared/tags';

/** A database or bucket of the account. */
export interface Found {
  readonly kind: Unprotected['kind'];
  readonly identifier: string;
  readonly tags: readonly Partial<Tag>[];
  /** Made by a drill of some site, and looked after by that site's sweeper. */
  readonly drill: boolean;
  /** Identifier of what it replicates in this Region: it has no data of its own. */
  readonly replicaOf?: string;
}

export interface Known {
  readonly definitions: readonly MonitorDefinition[];
  /** What the name of everything that the site's drills make begins with. */
  readonly prefix: string;
  /** Identifiers that are meant to be without a plan, `*` standing for any text. */
  readonly exclude: readonly string[];
  /** Buckets of the site itself. */
  readonly own: readonly string[];
}

/** What is under no plan of the site, whoever made it; sorted by identifier. */
export function uncovered(found: readonly Found[], { definitions, prefix, exclude, own }: Known): Found[] {
  const named = new Set(
    definitions
      // Of a database that has no profile only copies are here; a bucket has none, and is where its plan is.
      .flatMap(({ resources }) => resources.filter(({ kind, profile }) => kind === 'bucket' || profile !== undefined))
      .map(({ kind, identifier }) => `${kind} ${identifier.toLowerCase()}`),
  );
  const tags = definitions.flatMap(({ tagged }) => tagged);
  const isProtected = ({ kind, identifier, tags: own }: Found) =>
    named.has(`${kind} ${identifier.toLowerCase()}`) || tags.some(({ key, value }) => tagValue(own, key) === value);
  const covered = new Set(found.filter(isProtected).map(({ identifier }) => identifier));
  const patterns = exclude.map(patternOf);
  return found
    .filter((one) => !isProtected(one) && !one.drill && !one.identifier.startsWith(prefix))
    .filter(({ replicaOf }) => replicaOf === undefined || !covered.has(replicaOf))
    .filter(({ identifier }) => !own.includes(identifier) && !patterns.some((pattern) => pattern.test(identifier)))
    .sort((a, b) => (a.identifier < b.identifier ? -1 : 1));
}

/** RDS keeps identifiers in lower case, people need not. */
function patternOf(exclude: string): RegExp {
  const parts = exclude.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i');
}
