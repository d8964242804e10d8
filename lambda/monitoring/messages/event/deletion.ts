import { consoleOf, runbook } from '../links';
import { everybody, here, type Notice, type SiteView } from '../site-view';
import { vaultName } from './jobs';
import { text, type BusEvent } from './payload';
import { apiCallOf, type ApiCall } from './trail';

/** Calls that take recovery points away, or what keeps them from being taken away. */
const CALLS: Readonly<Record<string, string>> = {
  DeleteRecoveryPoint: 'delete a recovery point',
  DisassociateRecoveryPoint: 'part a recovery point from AWS Backup',
  UpdateRecoveryPointLifecycle: 'change how long a recovery point is kept',
  DeleteBackupVault: 'delete the vault',
  DeleteBackupVaultAccessPolicy: 'remove the vault’s policy',
  PutBackupVaultAccessPolicy: 'change the vault’s policy',
  DeleteBackupVaultLockConfiguration: 'remove the vault’s lock',
  PutBackupVaultLockConfiguration: 'change the vault’s lock',
};

/** These are what deploying the site does. */
const BY_DEPLOYMENT = ['PutBackupVaultAccessPolicy', 'PutBackupVaultLockConfiguration'];

/** Somebody tries to take away what the site's vault keeps; that it was denied does not make it less of an attack. */
export function deletionAttempted(event: BusEvent, view: SiteView): Notice | undefined {
  const call = apiCallOf(event);
  if (!call || call.service !== 'backup.amazonaws.com' || !(call.name in CALLS)) return undefined;
  if (text(call.parameters.backupVaultName) !== vaultName(view) || isDeployment(call)) return undefined;
  const vault = vaultName(view);
  const point = text(call.parameters.recoveryPointArn);
  const outcome = call.refused ? `and was refused (${call.refused})` : 'and nothing refused it';
  return {
    audiences: everybody(view),
    message: {
      ...here(view),
      severity: 'page',
      state: 'raised',
      cause: `deletion ${call.name} ${call.who}`,
      title: `Vault of site ${view.site}: attempt to ${CALLS[call.name]}`,
      what: `${call.who} tried to ${CALLS[call.name]}${point ? ` (${point})` : ''} in vault ${vault}, ${outcome}.`,
      since: event.time,
      means: call.refused
        ? 'Nothing is lost yet, but somebody who may not do so goes after the backups, as extortionists do before they encrypt.'
        : 'What was deleted cannot be restored any more: the longer promises of every plan of the site may not hold.',
      nextStep:
        'Ask who that is; if nobody knows, disable that principal now, then see what is left in the vault and its copies.',
      links: [
        consoleOf.trail(view.region, call.id),
        consoleOf.vault(view.region, vault),
        runbook(undefined, 'deletion-attempted'),
      ],
      resources: [],
    },
  };
}

function isDeployment({ name, fromCloudFormation, refused }: ApiCall): boolean {
  return fromCloudFormation && !refused && BY_DEPLOYMENT.includes(name);
}
