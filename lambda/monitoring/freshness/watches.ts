import type {
  MonitorDefinition,
  MonitorProfile,
  MonitorReport,
  ResourceReport,
  WatchedReplica,
  WatchedTag,
} from '../../../lib/private/contract/monitoring';
import { resourceKey, type DatabaseFacts, type Facts, type Kind, type Resources } from '../account/facts';

/** One resource to be judged by one profile, and what was known of it before. */
export interface Watch {
  /** `<plan>/<resource>` */
  readonly name: string;
  readonly kind: Kind;
  readonly identifier: string;
  readonly profile: MonitorProfile;
  readonly replica?: WatchedReplica;
  readonly before?: ResourceReport;
  /** Absent: AWS did not answer. */
  readonly facts?: Facts | 'gone';
}

/** What the plan names. A site where only copies are drilled has none of them. */
export function named(
  { resources, profiles }: MonitorDefinition,
  before: MonitorReport | undefined,
  seen: Resources,
): Watch[] {
  return resources.flatMap(({ name, kind, identifier, profile, replica }) => {
    if (profile === undefined) return [];
    return [
      {
        name,
        kind,
        identifier,
        profile: profiles[profile],
        ...(replica && { replica }),
        // Under another identifier it is another resource.
        before: before?.resources.find((one) => one.name === name && isSame(one, kind, identifier)),
        facts: seen.get(resourceKey(kind, identifier)),
      },
    ];
  });
}

/**
 * The databases that bear a tag now; where that could not be asked, those that bore it. What drills make is never among them, nor
 * are read replicas without backups of their own: a tag is often copied to them.
 */
export function bearing(
  tag: WatchedTag,
  { plan, profiles }: MonitorDefinition,
  before: MonitorReport | undefined,
  all: ReadonlyMap<string, DatabaseFacts> | undefined,
  prefix: string,
): Watch[] {
  const known = before?.tagged.find(({ name }) => name === tag.name)?.resources ?? [];
  const profile = profiles[tag.profile];
  if (!all) {
    return known.map((one) => ({ ...one, profile, before: one }));
  }
  return [...all.values()]
    .filter(({ tags, member, replica, identifier }) => {
      const bears = tags.some(({ Key, Value }) => Key === tag.key && (Value ?? '') === tag.value);
      return bears && !member && !replica && !identifier.startsWith(prefix);
    })
    .map((facts) => ({
      name: `${plan}/${facts.identifier}`,
      kind: facts.kind,
      identifier: facts.identifier,
      profile,
      before: known.find((one) => isSame(one, facts.kind, facts.identifier)),
      facts,
    }));
}

function isSame(one: ResourceReport, kind: Kind, identifier: string): boolean {
  return resourceKey(one.kind, one.identifier) === resourceKey(kind, identifier);
}
