import { DescribeAccountAttributesCommand, type RDSClient } from '@aws-sdk/client-rds';
import { NamedError } from '../../shared/named-error';

/** Share of a quota that drills leave free, so that a storm of drills never blocks a real recovery. */
const RESERVE = 0.1;

/** Refuses to restore when the account's instances or storage (GiB) would come too near their quota. */
export async function requireQuota(rds: RDSClient, storageGib: number): Promise<void> {
  const answer = await rds.send(new DescribeAccountAttributesCommand({}));
  const wanted: Record<string, number> = { DBInstances: 1, AllocatedStorage: storageGib };
  for (const { AccountQuotaName: name = '', Used: used = 0, Max: max = 0 } of answer.AccountQuotas ?? []) {
    const more = wanted[name];
    if (more !== undefined && used + more > max * (1 - RESERVE)) {
      throw new NamedError(
        'QuotaReached',
        `quota ${name}: ${used} of ${max} used, a drill needs ${more} and leaves ${RESERVE * 100} % free for a real recovery`,
      );
    }
  }
}
