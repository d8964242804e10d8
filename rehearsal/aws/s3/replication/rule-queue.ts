import type { KeptBucket } from '../account';
import type { ObjectVersion } from '../version';
import { isOn, prefixOf, type ReplicationRule } from './configuration';

/** A version that has not reached a destination yet. */
export interface Task {
  readonly key: string;
  readonly version: ObjectVersion;
}

/** One rule of a bucket, and what it has still to replicate, oldest first. */
export class RuleQueue {
  /** Up to when it was followed, milliseconds since 1970. */
  followedTo = 0;
  private tasks: Task[] = [];
  private done = 0;

  constructor(
    readonly source: KeptBucket,
    readonly rule: ReplicationRule,
    readonly roleArn: string,
    readonly id: string,
  ) {}

  get destination(): string {
    return this.rule.Destination.Bucket.replace(/^arn:[^:]+:s3:::/, '');
  }

  get pending(): number {
    return this.tasks.length - this.done;
  }

  get oldest(): Task | undefined {
    return this.tasks[this.done];
  }

  /** Whether the rule takes a version to its destination at all. */
  takes(key: string, { deleted, encryption }: ObjectVersion): boolean {
    const { rule } = this;
    if (rule.Status !== 'Enabled' || !key.startsWith(prefixOf(rule))) return false;
    // The older kind of rule, without a filter, takes delete markers along.
    if (deleted) return rule.Filter === undefined || isOn(rule.DeleteMarkerReplication);
    return encryption.kmsKeyArn === undefined || isOn(rule.SourceSelectionCriteria?.SseKmsEncryptedObjects);
  }

  /** Whether a key is this rule's matter, whatever becomes of its version. */
  covers(key: string): boolean {
    return this.rule.Status === 'Enabled' && key.startsWith(prefixOf(this.rule));
  }

  add(task: Task): void {
    if (this.pending === 0) this.followedTo = Math.max(this.followedTo, task.version.createdAt);
    this.tasks.push(task);
  }

  next(): Task | undefined {
    const task = this.tasks[this.done];
    if (task) this.done++;
    // Cut off now and then, so that a million replicated objects are not kept in mind.
    if (this.done > 10_000) {
      this.tasks = this.tasks.slice(this.done);
      this.done = 0;
    }
    return task;
  }
}
