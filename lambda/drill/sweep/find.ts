import { paginateDescribeDBInstances, type RDSClient } from '@aws-sdk/client-rds';
import { paginateListSecrets, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { DrillFacts, Removed } from '../../../lib/private/contract/drill';
import { type BucketRestoreNote, openBucketNotes } from '../../shared/bucket-restore-note';
import { keys } from '../../shared/keys';
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
  /** Of what a restore job may have written to a bucket. */
  readonly bucketNote?: BucketRestoreNote;
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

/** What drills restored into the scratch bucket, each below its id, with what it left in the state bucket of itself. */
export async function files(s3: S3Client, bucket: string, state: Store): Promise<Found[]> {
  const found: Found[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Delimiter: '/' })) {
    for (const { Prefix = '' } of page.CommonPrefixes ?? []) {
      const drill = Prefix.slice(0, -1);
      const identifier = `s3://${bucket}/${Prefix}`;
      const start = await state.get<{ execution: string }>(keys.start(drill));
      const facts = start && (await state.get<DrillFacts>(keys.execution(start.value.execution)));
      const { id, site, execution, expiresAt: expires } = facts?.value ?? {};
      found.push(
        id === drill ? { kind: 'files', identifier, site, drill, execution, expires } : { kind: 'files', identifier },
      );
    }
  }
  return found;
}

/** What AWS Backup restored for drills, or may still restore: all that is known of it is what they noted before. */
export async function bucketRestores(state: Store): Promise<Found[]> {
  return (await openBucketNotes(state)).map((bucketNote) => {
    const { bucket, prefix, site, drill, execution, expires } = bucketNote;
    return { kind: 'files', identifier: `s3://${bucket}/${prefix}`, site, drill, execution, expires, bucketNote };
  });
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
