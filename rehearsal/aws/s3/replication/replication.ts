import { AwsError } from '../../protocol/types';
import type { KeptBucket, S3Account } from '../account';
import type { ObjectVersion } from '../version';
import { requireSound, type ReplicationConfiguration } from './configuration';
import { measure } from './metrics';
import { replicate } from './replicate';
import { RuleQueue, type Task } from './rule-queue';

/** Why a version was not replicated. */
export interface ReplicationFailure {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly ruleId: string;
  readonly code: string;
  readonly message: string;
}

/** How long S3 takes where nobody says otherwise. */
const LAG_SECONDS = 1;

const MINUTE = 60_000;

/** No alarm on metrics of S3 sees further back: what lies before is done, and not measured. */
const SEEN = 1_440 * MINUTE;

/** How often work that is due is looked for while there is some, milliseconds. */
const LOOK = 200;

/** How many failures are kept in mind: enough to say why. */
const KEPT_FAILURES = 100;

/**
 * What the buckets of one Region replicate to others. Nothing happens but when somebody looks: then all is done that was due
 * by the clock, as of when it was due. A timer looks as long as something is on its way.
 */
export class Replication {
  readonly failures: ReplicationFailure[] = [];
  private readonly configured = new Map<string, { configuration: ReplicationConfiguration; queues: RuleQueue[] }>();
  private looking = false;
  private broken?: Error;

  constructor(private readonly account: S3Account) {}

  /** From now on; what is in the bucket already stays as it is. */
  configure(kept: KeptBucket, configuration: ReplicationConfiguration): void {
    requireSound(configuration);
    if (kept.bucket.versioned === false) {
      throw new AwsError(
        'InvalidRequest',
        400,
        'Versioning must be Enabled on the bucket to apply a replication configuration',
      );
    }
    const { Role, Rules } = configuration;
    const queues = Rules.map((rule, i) => new RuleQueue(kept, rule, Role, rule.Id ?? `rule-${i}`));
    this.configured.set(kept.bucket.name, { configuration, queues });
  }

  configurationOf(bucket: string): ReplicationConfiguration | undefined {
    return this.configured.get(bucket)?.configuration;
  }

  /** A new version, or a delete marker, of a bucket here. */
  written(bucket: string, key: string, version: ObjectVersion): void {
    const queues = this.queuesFor(bucket, key).filter((queue) => queue.takes(key, version));
    if (queues.length === 0) return;
    version.awaited = queues.length;
    if (!version.deleted) version.replication = 'PENDING';
    for (const queue of queues) queue.add({ key, version });
    this.look();
  }

  /** One rule for each destination: the one of highest priority that covers the key. */
  queuesFor(bucket: string, key: string): RuleQueue[] {
    const chosen = new Map<string, RuleQueue>();
    for (const queue of this.configured.get(bucket)?.queues ?? []) {
      if (!queue.covers(key)) continue;
      const rival = chosen.get(queue.destination);
      if (!rival || (rival.rule.Priority ?? 0) < (queue.rule.Priority ?? 0)) chosen.set(queue.destination, queue);
    }
    return [...chosen.values()];
  }

  /** Does all that is due by now. */
  settle(): void {
    if (this.broken) throw this.broken;
    const now = this.account.clock().getTime();
    for (const { queues } of this.configured.values()) for (const queue of queues) this.follow(queue, now);
  }

  /** Replicates a version at once, as a batch job does. @returns why not, where it cannot */
  attempt(queue: RuleQueue, { key, version }: Task): ReplicationFailure | undefined {
    try {
      const fails = this.account.options.faults?.replication?.fails;
      if (fails !== undefined && key.startsWith(fails)) {
        throw new AwsError('InternalError', 500, 'We encountered an internal error. Please try again.');
      }
      replicate(queue, { key, version });
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { name: bucket } = queue.source.bucket;
      const { code, message } = error;
      const failure = { bucket, key, versionId: version.versionId, ruleId: queue.id, code, message };
      this.failures.push(failure);
      if (this.failures.length > KEPT_FAILURES) this.failures.shift();
      return failure;
    }
  }

  /** Minute by minute, since that is how it is measured. */
  private follow(queue: RuleQueue, now: number): void {
    const seenFrom = Math.floor((now - SEEN) / MINUTE) * MINUTE;
    if (queue.pending > 0 && queue.followedTo < seenFrom) {
      this.replicateUntil(queue, seenFrom);
      queue.followedTo = seenFrom;
    }
    while (queue.pending > 0 && queue.followedTo < now) {
      const end = Math.min(now, (Math.floor(queue.followedTo / MINUTE) + 1) * MINUTE);
      measure(this.account, queue, end, this.replicateUntil(queue, end));
      queue.followedTo = end;
    }
  }

  private replicateUntil(queue: RuleQueue, end: number): { readonly slowest: number; readonly failed: number } {
    const fault = this.account.options.faults?.replication;
    const lag = (fault?.lagSeconds ?? this.account.options.replicationLagSeconds ?? LAG_SECONDS) * 1000;
    let [slowest, failed] = [0, 0];
    while (queue.oldest && !fault?.stopped && queue.oldest.version.createdAt + lag <= end) {
      const task = queue.next()!;
      // What was removed for good meanwhile is not replicated any more.
      if (!queue.source.storage.version(task.key, task.version.versionId)) continue;
      const failure = this.attempt(queue, task);
      if (failure) failed++;
      else slowest = Math.max(slowest, lag, queue.followedTo - task.version.createdAt);
      conclude(task.version, failure !== undefined);
    }
    return { slowest, failed };
  }

  private look(): void {
    if (this.looking) return;
    this.looking = true;
    const timer = setTimeout(() => {
      this.looking = false;
      try {
        this.settle();
      } catch (error) {
        // Told to whoever asks next: nobody hears a timer.
        this.broken = error as Error;
        return;
      }
      const left = [...this.configured.values()].some(({ queues }) => queues.some(({ pending }) => pending > 0));
      if (left) this.look();
    }, LOOK);
    timer.unref();
  }
}

/** PENDING until every destination has it; FAILED as soon as one has not got it. */
export function conclude(version: ObjectVersion, failed: boolean): void {
  version.awaited = Math.max(0, (version.awaited ?? 1) - 1);
  if (version.deleted) return;
  if (failed) version.replication = 'FAILED';
  else if (version.awaited === 0 && version.replication === 'PENDING') version.replication = 'COMPLETED';
}
