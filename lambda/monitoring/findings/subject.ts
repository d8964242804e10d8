import type { MonitorProfile, ResourceReport } from '../../../lib/private/contract/monitoring';
import type { Kind } from '../account/facts';

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
  readonly now: string;
}

/** How RDS's command line calls it. */
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

/** `instance orders`, `cluster ledger` */
export function called({ kind, identifier }: Pick<Subject, 'kind' | 'identifier'>): string {
  return `${kind === 'db-instance' ? 'instance' : 'cluster'} ${identifier}`;
}
