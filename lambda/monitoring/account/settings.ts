import type { Asking } from './asking';
import type { Clients } from './clients';
import { describeKey, type KeyFacts } from './keys';
import { rdsQuotas, type Quota } from './quotas';
import { regionOf } from './recovery-points';
import { backupOptIns } from './region-settings';
import { describeVault, type VaultFacts } from './vaults';

/** What rests on people's settings rather than on time. What AWS did not answer is absent. */
export interface Settings {
  /** By ARN, of every vault that was asked for. */
  readonly vaults: ReadonlyMap<string, VaultFacts | undefined>;
  /** By ARN, of every key that was asked for and of every vault's own. */
  readonly keys: ReadonlyMap<string, KeyFacts | undefined>;
  readonly quotas?: readonly Quota[];
  readonly optIns?: Readonly<Record<string, boolean>>;
}

export async function lookAtSettings(
  { clients, asking, home }: { readonly clients: Clients; readonly asking: Asking; readonly home: string },
  vaultArns: readonly string[],
  keyArns: readonly string[],
): Promise<Settings> {
  const [vaults, quotas, optIns] = await Promise.all([
    answers(vaultArns, (arn) => describeVault(clients.backup(regionOf(arn, home)), asking, arn)),
    rdsQuotas(clients.rds(home), asking),
    vaultArns.length > 0 ? backupOptIns(clients.backup(home), asking) : undefined,
  ]);
  const ofVaults = [...vaults.values()].flatMap((vault) => (typeof vault === 'object' ? (vault.keyArn ?? []) : []));
  const keys = await answers([...keyArns, ...ofVaults], (arn) =>
    describeKey(clients.kms(regionOf(arn, home)), asking, arn),
  );
  return { vaults, keys, ...(quotas && { quotas }), ...(optIns && { optIns }) };
}

async function answers<T>(arns: readonly string[], ask: (arn: string) => Promise<T>): Promise<Map<string, T>> {
  const all = await Promise.all([...new Set(arns)].map(async (arn) => [arn, await ask(arn)] as const));
  return new Map(all);
}
