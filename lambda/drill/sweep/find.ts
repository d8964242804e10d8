import { paginateDescribeDBInstances, type RDSClient } from '@aws-sdk/client-rds';
import { paginateListSecrets, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Removed } from '../../../lib/private/contract/drill';
import { noteOf, type RestoreNote } from '../../shared/restore-note';
import type { Store } from '../../shared/store';
import { tagValue, TAGS } from '../../shared/tags';

/** A thing under the site's prefix, with what its tags, or its drill's note, say of it. */
export interface Found extends Removed {
  readonly site?: string;
  readonly drill?: string;
  readonly execution?: string;
  readonly expires?: string;
  /** Of what a restore job made and no drill has tagged yet: what the drill noted before it asked for the job. */
  readonly note?: RestoreNote;
}

export async function instances(rds: RDSClient, prefix: string): Promise<Found[]> {
  const found: Found[] = [];
  for await (const page of paginateDescribeDBInstances({ client: rds }, {})) {
    for (const { DBInstanceIdentifier: identifier = '', TagList } of page.DBInstances ?? []) {
      if (identifier.startsWith(prefix)) found.push({ kind: 'db-instance', identifier, ...marks(TagList) });
    }
  }
  return found;
}

/** With the marks of its drill's note, if it is a copy that a restore job made and that carries no drill tag. */
export async function withNote(thing: Found, state: Store, prefix: string): Promise<Found> {
  if (thing.kind !== 'db-instance' || thing.drill !== undefined) return thing;
  const note = await noteOf(state, prefix, thing.identifier);
  if (!note) return thing;
  const { site, drill, execution, expires } = note;
  return { ...thing, site, drill, execution, expires, note };
}

export async function secrets(client: SecretsManagerClient, prefix: string): Promise<Found[]> {
  const found: Found[] = [];
  for await (const page of paginateListSecrets({ client }, { Filters: [{ Key: 'name', Values: [prefix] }] })) {
    for (const { Name: identifier = '', Tags } of page.SecretList ?? []) {
      if (identifier.startsWith(prefix)) found.push({ kind: 'secret', identifier, ...marks(Tags) });
    }
  }
  return found;
}

function marks(tags: readonly { Key?: string; Value?: string }[] | undefined) {
  return {
    site: tagValue(tags, TAGS.site),
    drill: tagValue(tags, TAGS.drill),
    execution: tagValue(tags, TAGS.execution),
    expires: tagValue(tags, TAGS.expires),
  };
}
