import type { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { RecoverySite } from '../../site/recovery-site';
import type { ReplicaDefinition } from '../contract/files';
import { watchBuckets, watchKeys, watchLag } from '../permissions/monitoring';
import { sitePolicy } from '../site-policy';

/** Buckets with the longest names that one managed policy of 6,144 characters holds, and what is said once beside them. */
const SHARD = 50;

/** What the monitor may ask of a plan's buckets and their replicas. */
export class WatchPolicies {
  private readonly known = new Set<string>();
  private shards = 0;
  private count = 0;
  private policy?: ManagedPolicy;
  private buckets?: PolicyStatement;

  constructor(
    private readonly scope: Construct,
    private readonly site: RecoverySite,
  ) {}

  /** @param replica of which S3 measures how far it is behind */
  allow(bucketArn: string, replica: ReplicaDefinition | undefined): void {
    if (this.count++ % SHARD === 0) this.begin();
    this.buckets!.addResources(bucketArn);
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

  private begin(): void {
    this.shards++;
    this.buckets = watchBuckets();
    this.policy = sitePolicy(this.scope, this.shards === 1 ? 'WatchBuckets' : `WatchBuckets${this.shards}`, {
      description: `What the monitor of recovery site ${this.site.siteName} may ask of buckets`,
      site: this.site,
      functions: [this.site.functions.monitor],
      statements: [this.buckets],
    });
  }
}
