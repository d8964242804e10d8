import type { MonitorProfile, ResourceReport } from '../../../lib/private/contract/monitoring';
import type { Facts, Kind } from '../account/facts';

/** A resource as findings about it need it: what was seen now, what was seen before. */
export interface Subject {
  /** `<plan>/<resource>` */
  readonly name: string;
  readonly kind: Kind;
  readonly identifier: string;
  readonly region: string;
  readonly profile: MonitorProfile;
  readonly report: Omit<ResourceReport, 'findings'>;
  readonly before?: ResourceReport;
  /** What keeps its sources from having anything to restore. */
  readonly blocks?: Facts['blocks'];
  readonly now: string;
}

/** The command that shows whether it is there. */
export function shown(subject: Subject): string {
  const { kind, identifier, region } = subject;
  if (kind === 'bucket') return `\`aws s3api head-bucket --bucket ${identifier} --region ${region}\``;
  return cli(subject).describe;
}

/** How RDS's command line calls a database. */
export function cli({ kind, identifier, region }: Subject) {
  const [noun, option] =
    kind === 'db-instance' ? ['db-instance', '--db-instance-identifier'] : ['db-cluster', '--db-cluster-identifier'];
  return {
    modify: (change: string) =>
      `\`aws rds modify-${noun} ${option} ${identifier} ${change} --apply-immediately --region ${region}\``,
    describe: `\`aws rds describe-${noun}s ${option} ${identifier} --region ${region}\``,
    start: `\`aws rds start-${noun} ${option} ${identifier} --region ${region}\``,
  };
}

const NOUNS = { 'db-instance': 'instance', 'db-cluster': 'cluster', bucket: 'bucket' } as const;

/** `instance orders`, `cluster ledger`, `bucket documents` */
export function called({ kind, identifier }: Pick<Subject, 'kind' | 'identifier'>): string {
  return `${NOUNS[kind]} ${identifier}`;
}
