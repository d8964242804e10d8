import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-s3';
import type { Authorize } from '../authorization';
import type { Faults } from '../faults';
import { AwsError, modelled } from '../protocol/types';
import type { ServiceRole } from '../service-roles';
import type { Check, Place } from '../service';
import type { MetricStore } from '../cloudwatch/store';
import type { Bucket } from './bucket';
import { BatchJobs } from './batch/operations';
import { keyCheck, requireUsable, type KeyStates } from './encryption';
import { Replication } from './replication/replication';
import { BucketStorage } from './storage';
import type { Encryption } from './version';

export interface S3Options extends Place {
  readonly buckets: readonly Bucket[];
  /** Objects are files under it: `<directory>/<bucket>/<key>`. */
  readonly directory: string;
  readonly clock?: () => Date;
  /** Other Regions whose buckets are replicated to or copied from; they know this one from then on, too. */
  readonly elsewhere?: readonly { readonly account: S3Account }[];
  /** Keys of the Region; without them every key is usable. */
  readonly keys?: KeyStates;
  /** What roles that S3 works under may do in this Region; without it nothing is replicated. */
  readonly authorize?: Authorize;
  /** By ARN. */
  readonly roles?: ReadonlyMap<string, ServiceRole>;
  readonly faults?: Faults;
  /** How long a version takes to another bucket, seconds; default 1. On AWS minutes. */
  readonly replicationLagSeconds?: number;
  /** How long a batch job is prepared before it runs, milliseconds. */
  readonly jobDelay?: number;
  /** Where S3 publishes what it measures in this Region. */
  readonly metrics?: MetricStore;
}

export interface KeptBucket {
  readonly bucket: Bucket;
  readonly storage: BucketStorage;
  /** The Region that it is in. */
  readonly home: S3Account;
}

/** The buckets of one Region, and through it those of the others: names are global. */
export class S3Account {
  readonly place: Place;
  readonly clock: () => Date;
  readonly replication = new Replication(this);
  readonly jobs = new BatchJobs(this);
  private readonly own = new Map<string, KeptBucket>();
  private readonly neighbours = new Set<S3Account>();

  constructor(readonly options: S3Options) {
    this.place = { region: options.region, account: options.account };
    this.clock = options.clock ?? (() => new Date());
    for (const bucket of options.buckets) this.add(bucket);
    for (const { account } of options.elsewhere ?? []) this.meet(account);
  }

  get names(): readonly string[] {
    return [...this.own.keys()];
  }

  /** Wherever it is. */
  anywhere(name: string | undefined): KeptBucket | undefined {
    const found = this.own.get(name ?? '');
    if (found) return found;
    for (const neighbour of this.neighbours) {
      const elsewhere = neighbour.own.get(name ?? '');
      if (elsewhere) return elsewhere;
    }
    return undefined;
  }

  /** Throws unless it is in this Region: S3 sends whoever asks in another one away. */
  find(name: string | undefined): KeptBucket {
    const found = this.anywhere(name);
    if (!found) throw modelled(sdk.NoSuchBucket$, 'The specified bucket does not exist', { BucketName: name ?? '' });
    const { region } = found.home.place;
    if (found.home === this) return found;
    const message =
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.';
    const endpoint = { Endpoint: `${name}.s3.${region}.amazonaws.com`, Bucket: name };
    throw new AwsError('PermanentRedirect', 301, message, undefined, endpoint, { 'x-amz-bucket-region': region });
  }

  /** What KMS is asked before an object is read or written in the caller's name. */
  keyChecks(bucket: string, key: string, encryption: Encryption, action: string): Check[] {
    return keyCheck(this.place, bucket, key, encryption, action);
  }

  requireUsable(encryption: Encryption): void {
    requireUsable(this.place, this.options.keys, encryption);
  }

  /** Does what is due here and in the Regions that this one knows. */
  settle(): void {
    for (const account of [this, ...this.neighbours]) {
      account.replication.settle();
      account.jobs.settle();
    }
  }

  /** The Region is lost: nobody reaches its buckets any more. */
  leave(): void {
    for (const neighbour of this.neighbours) neighbour.neighbours.delete(this);
    this.neighbours.clear();
  }

  private add(bucket: Bucket): void {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket.name)) {
      throw new Error(
        `bucket name '${bucket.name}' is not allowed: 3 to 63 lower-case letters, digits, dots or hyphens`,
      );
    }
    const storage = new BucketStorage(join(this.options.directory, bucket.name), this.clock);
    const kept = { bucket, storage, home: this };
    this.own.set(bucket.name, kept);
    if (bucket.replication) this.replication.configure(kept, bucket.replication);
  }

  private meet(other: S3Account): void {
    this.neighbours.add(other);
    other.neighbours.add(this);
  }
}
