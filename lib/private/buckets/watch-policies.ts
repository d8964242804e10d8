import { Lazy } from 'aws-cdk-lib';
import { ManagedPolicy, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ReplicaDefinition } from '../contract/files';
import type { RecoverySite } from '../../site/recovery-site';
import { watchBuckets, watchKeys, watchLag } from '../permissions/monitoring';

/** Buckets with the longest names that one managed policy of 6,144 characters holds, and what is said once beside them. */
const SHARD = 50;

/** What the monitor may ask of a plan's buckets and their replicas. */
export class WatchPolicies {
  private readonly arns: string[] = [];
  private readonly known = new Set<string>();
  private policy?: ManagedPolicy;

  constructor(
    private readonly scope: Construct,
    private readonly site: RecoverySite,
  ) {}

  /** @param replica of which S3 measures how far it is behind */
  allow(bucketArn: string, replica: ReplicaDefinition | undefined): void {
    const shard = Math.floor(this.arns.length / SHARD) + 1;
    this.arns.push(bucketArn);
    if (this.arns.length % SHARD === 1) this.policy = this.begin(shard);
    if (!replica) return;
    const { region, keyArn } = replica;
    this.once(region, watchLag);
    if (keyArn !== undefined) this.once(keyArn, (arn) => watchKeys([arn]));
  }

  private once(of: string, statement: (of: string) => PolicyStatement): void {
    if (this.known.has(of)) return;
    this.known.add(of);
    this.policy!.addStatements(statement(of));
  }

  private begin(shard: number): ManagedPolicy {
    const { site, scope } = this;
    const policy = new ManagedPolicy(scope, shard === 1 ? 'WatchBuckets' : `WatchBuckets${shard}`, {
      description: `What the monitor of recovery site ${site.siteName} may ask of buckets`,
      roles: [site.functions.monitor.role],
    });
    const from = (shard - 1) * SHARD;
    // Filled while the app is: what is protected later is in it, too.
    policy.addStatements(watchBuckets(Lazy.list({ produce: () => this.arns.slice(from, from + SHARD) })));
    return policy;
  }
}
