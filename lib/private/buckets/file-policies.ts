import { ManagedPolicy, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { SiteFunction } from '../../site/site-function';
import { type FilesIn, ReadFiles } from '../permissions/files';

/** Buckets per managed policy, their replicas beside them: as much as its 6,144 characters hold. */
const SHARD = 4;

/**
 * What the roles that restore and check files may read, granted by whoever protects the buckets. Managed policies: all inline
 * policies of a role share 10,240 characters.
 */
export class FilePolicies {
  private shards = 0;
  private count = 0;
  private policy?: ManagedPolicy;
  private read?: ReadFiles;

  constructor(
    private readonly scope: Construct,
    private readonly siteName: string,
    private readonly functions: SiteFunction[],
  ) {}

  allow(files: readonly FilesIn[]): void {
    if (this.count++ % SHARD === 0) this.begin();
    const keys: PolicyStatement[] = files.flatMap((each) => this.read!.add(each));
    this.policy!.addStatements(...keys);
  }

  private begin(): void {
    this.shards++;
    this.read = new ReadFiles(Stack.of(this.scope));
    this.policy = new ManagedPolicy(this.scope, this.shards === 1 ? 'DrillsRead' : `DrillsRead${this.shards}`, {
      description: `What files drills of recovery site ${this.siteName} may read`,
      roles: this.functions.map(({ role }) => role),
      statements: this.read.statements,
    });
  }
}
