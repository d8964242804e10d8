import { DescribeAccountAttributesCommand, type RDSClient } from '@aws-sdk/client-rds';
import type { Asking } from './asking';

export interface Quota {
  readonly name: string;
  readonly used: number;
  readonly most: number;
}

/** Quotas of RDS in the Region. @returns undefined where RDS did not answer */
export function rdsQuotas(client: RDSClient, asking: Asking): Promise<Quota[] | undefined> {
  return asking.ask('quotas of RDS', async (options) => {
    const { AccountQuotas } = await client.send(new DescribeAccountAttributesCommand({}), options);
    return (AccountQuotas ?? []).flatMap(({ AccountQuotaName: name, Used: used, Max: most }) =>
      name !== undefined && used !== undefined && most !== undefined ? [{ name, used, most }] : [],
    );
  });
}
