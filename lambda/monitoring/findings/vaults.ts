import type { VaultFacts } from '../account/vaults';
import { vaultName } from '../account/recovery-points';
import { vaultCause } from '../freshness/causes';
import type { Draft } from './draft';
import { named } from './keys';

export function vaultFindings(vaultArn: string, facts: VaultFacts, resources: readonly string[]): Draft[] {
  if (facts === 'gone') return [gone(vaultArn, resources)];
  return facts === 'denied' ? [unseen(vaultArn, resources)] : [];
}

function gone(vaultArn: string, resources: readonly string[]): Draft {
  return {
    id: 'vault-gone',
    severity: 'page',
    cause: vaultCause(vaultArn),
    what: `Backup vault ${vaultArn} does not exist any more.`,
    means: `Its recovery points are gone, and none is added: ${named(resources)}.`,
    nextStep:
      'Deploy the app again to make the vault again, and find out who deleted it: look for DeleteBackupVault in CloudTrail.',
  };
}

function unseen(vaultArn: string, resources: readonly string[]): Draft {
  return {
    id: 'vault-unseen',
    severity: 'ticket',
    cause: `vault unseen ${vaultArn}`,
    what: `Backup vault ${vaultArn} may not be looked at; AWS Backup also says so of a vault that is gone.`,
    means: `Whether its recovery points of ${named(resources)} are there is not known.`,
    nextStep: `See whether it is there: \`aws backup describe-backup-vault --backup-vault-name ${vaultName(vaultArn)} --region ${vaultArn.split(':')[3]}\`.`,
  };
}
