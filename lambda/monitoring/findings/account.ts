import type { Quota } from '../account/quotas';
import type { Draft } from './draft';

/** Share of a quota that must stay free: a restore needs room when nobody has time to ask for more. */
const RESERVE = 0.1;

/** What of RDS's quotas a restore needs, and what each counts. Those of snapshots belong to the history. */
const QUOTAS: Readonly<Record<string, { readonly counts: string; readonly stops: string }>> = {
  DBInstances: { counts: 'database instances', stops: 'A restore makes one more, and would be refused.' },
  DBClusters: { counts: 'database clusters', stops: 'A restore makes one more, and would be refused.' },
  AllocatedStorage: { counts: 'GiB of allocated storage', stops: 'A restore needs as much again as its source has.' },
};

export function quotaFindings(quotas: readonly Quota[], region: string): Draft[] {
  return quotas.flatMap(({ name, used, most }) => {
    const quota = QUOTAS[name];
    if (!quota || used <= most * (1 - RESERVE)) return [];
    return [
      {
        id: 'quota-near',
        severity: 'ticket' as const,
        cause: `quota ${name}`,
        what: `${used} of ${most} ${quota.counts} are in use in ${region}.`,
        means: quota.stops,
        nextStep: `Remove what is not needed, or ask for more: \`aws service-quotas list-service-quotas --service-code rds --region ${region}\` shows the code of the quota.`,
      },
    ];
  });
}

/** @param types kinds of resources, in the words of AWS Backup, that the plan's recovery points are of. */
export function optInFindings(
  optIns: Readonly<Record<string, boolean>>,
  types: readonly string[],
  region: string,
): Draft[] {
  return types
    .filter((type) => optIns[type] === false)
    .map((type) => ({
      id: 'opt-in-off',
      severity: 'ticket' as const,
      cause: `opt-in ${type}`,
      what: `AWS Backup does not protect ${type} in ${region}: its opt-in there is off.`,
      means:
        'The plan names its resources itself, which AWS Backup goes on to back up; whatever is chosen by tags is left out.',
      nextStep: `Turn it on: \`aws backup update-region-settings --resource-type-opt-in-preference ${type}=true --region ${region}\`.`,
    }));
}
