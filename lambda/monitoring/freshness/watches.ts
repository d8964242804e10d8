import type {
  MonitorDefinition,
  MonitorProfile,
  MonitorReport,
  ResourceReport,
  WatchedTag,
} from '../../../lib/private/contract/monitoring';
import { databaseKey, type DatabaseFacts, type Databases, type Kind } from '../account/facts';

/** One database to be judged by one profile, and what was known of it before. */
export interface Watch {
  /** `<plan>/<resource>` */
  readonly name: string;
  readonly kind: Kind;
  readonly identifier: string;
  readonly profile: MonitorProfile;
  readonly before?: ResourceReport;
  /** Absent: RDS did not answer. */
  readonly facts?: DatabaseFacts | 'gone';
}

/** The databases that the plan names. A site where only copies are drilled has none of them. */
export function named(
  { resources, profiles }: MonitorDefinition,
  before: MonitorReport | undefined,
  databases: Databases,
): Watch[] {
  return resources.flatMap(({ name, kind, identifier, profile }) => {
    if (profile === undefined || kind === 'bucket') return [];
    return [
      {
        name,
        kind,
        identifier,
        profile: profiles[profile],
        // Under another identifier it is another database.
        before: before?.resources.find((one) => one.name === name && isSame(one, kind, identifier)),
        facts: databases.get(databaseKey(kind, identifier)),
      },
    ];
  });
}

/** The databases that bear a tag now; where that could not be asked, those that bore it. What drills make is never among them. */
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
    return known.flatMap(({ kind, ...one }) =>
      kind === 'bucket' ? [] : [{ ...one, kind, profile, before: { ...one, kind } }],
    );
  }
  return [...all.values()]
    .filter(({ tags, member, identifier }) => {
      const bears = tags.some(({ Key, Value }) => Key === tag.key && (Value ?? '') === tag.value);
      return bears && !member && !identifier.startsWith(prefix);
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
  return one.kind !== 'bucket' && databaseKey(one.kind, one.identifier) === databaseKey(kind, identifier);
}
