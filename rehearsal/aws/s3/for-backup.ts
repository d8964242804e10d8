import { AwsError } from '../protocol/types';
import type { Allow } from '../service-roles';
import type { KeptBucket, S3Account } from './account';
import { bucketCheck, objectCheck } from './checks';
import { FileContent } from './content';
import { defaultOf } from './encryption';
import type { Encryption, ObjectVersion } from './version';
import { store } from './writing';

/** Objects as a backup holds them: the newest version of each key. */
export type Contents = readonly (readonly [string, ObjectVersion])[];

/** What a continuous backup knows of a bucket: how it was at any moment since it began. */
export interface Followed {
  readonly since: Date;
  at(moment: Date): Contents;
}

/** What becomes of objects in a restore. */
export interface RestoredBucket {
  readonly restored: number;
  readonly failed: number;
}

const BUCKET_ACTIONS = [
  's3:GetBucketVersioning',
  's3:GetBucketNotification',
  's3:PutBucketNotification',
  's3:ListBucket',
  's3:ListBucketVersions',
];
const OBJECT_ACTIONS = ['s3:GetObjectVersion', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'];

/** What AWS Backup does to the buckets of a Region: never in its own name, always in that of a role. */
export class S3ForBackup {
  constructor(private readonly account: S3Account) {}

  /** Takes every object as it is now. */
  snapshot(bucketArn: string, allow: Allow): Contents {
    const kept = this.readable(bucketArn, allow);
    const contents: [string, ObjectVersion][] = [];
    for (const [key, history] of kept.storage.from('')) {
      const version = history.at(-1)!;
      // AWS Backup takes none of these.
      if (version.deleted || version.closed) continue;
      this.read(kept, key, version, allow);
      contents.push([key, version]);
    }
    return contents;
  }

  /** From now on keeps all that is removed, too. */
  follow(bucketArn: string, allow: Allow): Followed {
    const kept = this.readable(bucketArn, allow);
    const removed: { readonly key: string; readonly version: ObjectVersion; readonly at: number }[] = [];
    const { clock } = this.account;
    kept.storage.onRemoved((key, version) => {
      if (version.content instanceof FileContent) version.content.hold();
      removed.push({ key, version, at: clock().getTime() });
    });
    return {
      since: clock(),
      at: (moment) => {
        const then = new Map<string, ObjectVersion>();
        const see = (key: string, version: ObjectVersion) => {
          if (version.createdAt > moment.getTime()) return;
          if ((then.get(key)?.createdAt ?? -Infinity) <= version.createdAt) then.set(key, version);
        };
        for (const { key, version, at } of removed) if (at > moment.getTime()) see(key, version);
        for (const [key, history] of kept.storage.from('')) for (const version of history) see(key, version);
        return [...then].filter(([, { deleted, closed }]) => !deleted && !closed);
      },
    };
  }

  /** Writes objects into a bucket that is there. What is there already is left as it is. */
  restore(name: string, contents: Contents, encryption: Encryption | 'original', allow: Allow): RestoredBucket {
    const kept = this.account.find(name);
    if (kept.bucket.versioned === false) throw new AwsError('InvalidRequest', 400, `bucket ${name} has no versions`);
    for (const action of ['s3:GetBucketVersioning', 's3:ListBucket']) allow(bucketCheck(action, name));
    let [restored, failed] = [0, 0];
    for (const [key, original] of contents) {
      if (kept.storage.newest(key)) continue;
      try {
        const under = encryption === 'original' ? original.encryption : encryption;
        allow(objectCheck('s3:PutObject', name, key));
        this.account.keyChecks(name, key, under, 'kms:GenerateDataKey').forEach(allow);
        this.account.requireUsable(under);
        const { content, headers, metadata, checksums } = original;
        store(kept, key, { content, headers, metadata, encryption: under, ...(checksums && { checksums }) });
        restored++;
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        failed++;
      }
    }
    return { restored, failed };
  }

  /** What a bucket encrypts with of itself. */
  defaultOf(name: string): Encryption {
    return defaultOf(this.account.find(name).bucket);
  }

  private readable(bucketArn: string, allow: Allow): KeptBucket {
    const name = bucketArn.replace(/^arn:[^:]+:s3:::/, '');
    const kept = this.account.find(name);
    for (const action of BUCKET_ACTIONS) allow(bucketCheck(action, name));
    if (kept.bucket.versioned === false) {
      throw new AwsError('InvalidRequest', 400, `Unable to back up ${name}: versioning is not enabled`);
    }
    return kept;
  }

  private read({ bucket, home }: KeptBucket, key: string, version: ObjectVersion, allow: Allow): void {
    for (const action of OBJECT_ACTIONS) allow(objectCheck(action, bucket.name, key));
    home.keyChecks(bucket.name, key, version.encryption, 'kms:Decrypt').forEach(allow);
    home.requireUsable(version.encryption);
    if (version.content instanceof FileContent) version.content.hold();
  }
}
