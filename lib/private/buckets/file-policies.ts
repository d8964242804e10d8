import { Stack } from 'aws-cdk-lib';
import type { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { RecoverySite } from '../../site/recovery-site';
import { type FilesIn, ReadFiles } from '../permissions/files';
import { sitePolicy } from '../site-policy';

/** Buckets per managed policy, their replicas beside them: as much as its 6,144 characters hold. */
const SHARD = 4;

/** What the roles that restore and check files may read, granted by whoever protects the buckets. */
export class FilePolicies {
  private shards = 0;
  private count = 0;
  private policy?: ManagedPolicy;
  private read?: ReadFiles;

  constructor(
    private readonly scope: Construct,
    private readonly site: RecoverySite,
  ) {}

  allow(files: readonly FilesIn[]): void {
    if (this.count++ % SHARD === 0) this.begin();
    const keys: PolicyStatement[] = files.flatMap((each) => this.read!.add(each));
    this.policy!.addStatements(...keys);
  }

  private begin(): void {
    this.shards++;
    this.read = new ReadFiles(Stack.of(this.scope));
    this.policy = sitePolicy(this.scope, this.shards === 1 ? 'DrillsRead' : `DrillsRead${this.shards}`, {
      site: this.site,
      description: `What files drills of recovery site ${this.site.siteName} may read`,
      functions: this.site.functions._files(),
      statements: this.read.statements,
    });
  }
}
