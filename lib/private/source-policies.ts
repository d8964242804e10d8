import { Stack } from 'aws-cdk-lib';
import type { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { RecoverySite } from '../site/recovery-site';
import { restoreUnder } from './permissions/keys';
import { restoreFrom, sourceArns } from './permissions/rds';
import { sitePolicy } from './site-policy';

/** Sources per managed policy: with the longest identifiers, as much as its 6,144 characters hold. */
const SHARD = 20;

interface Shard {
  readonly policy: ManagedPolicy;
  readonly sources: PolicyStatement;
  keys?: PolicyStatement[];
  count: number;
}

/** What the site's restore role may restore from, granted by the plan's own stack. */
export class SourcePolicies {
  private shards = 0;
  private shard?: Shard;

  constructor(
    private readonly plan: Construct,
    private readonly site: RecoverySite,
  ) {}

  allow(identifier: string, keyArns: string[]): void {
    const stack = Stack.of(this.site);
    if (!this.shard || this.shard.count === SHARD) {
      this.shard = this.begin(restoreFrom(sourceArns(stack, identifier), this.site.siteName));
    } else {
      this.shard.sources.addResources(...sourceArns(stack, identifier));
    }
    this.shard.count++;
    this.allowKeys(this.shard, keyArns);
  }

  private allowKeys(shard: Shard, keyArns: string[]): void {
    if (keyArns.length === 0) return;
    if (shard.keys) {
      for (const statement of shard.keys) statement.addResources(...keyArns);
      return;
    }
    shard.keys = restoreUnder(keyArns);
    shard.policy.addStatements(...shard.keys);
  }

  private begin(sources: PolicyStatement): Shard {
    this.shards++;
    const policy = sitePolicy(this.plan, this.shards === 1 ? 'Sources' : `Sources${this.shards}`, {
      site: this.site,
      description: `What drills of recovery site ${this.site.siteName} may restore from`,
      functions: [this.site.functions.restore],
      statements: [sources],
    });
    return { policy, sources, count: 0 };
  }
}
