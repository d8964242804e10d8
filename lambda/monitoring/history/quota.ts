import { DescribeAccountAttributesCommand, type RDSClient } from '@aws-sdk/client-rds';
import { observed, type Observed } from './observed';
import { shareInWords } from './words';

/** Snapshots that people and this library take; automated ones have no quota. */
const QUOTAS: Readonly<Record<string, string>> = {
  ManualSnapshots: 'manual snapshots of instances',
  ManualClusterSnapshots: 'manual snapshots of clusters',
};
const NEARLY_FULL = 0.9;

/** Quotas of snapshots of which no more than a tenth is left. */
export async function judgeQuotas(rds: RDSClient, site: string, day: string): Promise<Observed[]> {
  const { AccountQuotas } = await rds.send(new DescribeAccountAttributesCommand({}));
  return (AccountQuotas ?? []).flatMap(({ AccountQuotaName = '', Used = 0, Max = 0 }) => {
    const what = QUOTAS[AccountQuotaName];
    if (!what || Max === 0 || Used < NEARLY_FULL * Max) return [];
    return [
      observed(
        site,
        'snapshot-quota',
        'ticket',
        true,
        day,
        {
          title: `${Used} of ${Max} ${what} are there`,
          what: `The account has ${Used} ${what} in this Region, ${shareInWords(Used / Max)} of the ${Max} that it may have.`,
          means: 'Past the quota no snapshot is taken before a deployment or by hand, and no drill keeps one.',
          nextStep: 'Delete snapshots that nobody needs, or ask for more in the Service Quotas console, service RDS.',
        },
        AccountQuotaName,
      ),
    ];
  });
}

/** What was told of a quota that is free again. */
export function titleOf(cause: string): string {
  const what = QUOTAS[cause.split('/').at(-1) ?? ''] ?? 'snapshots';
  return `The quota of ${what} is nearly used up`;
}
