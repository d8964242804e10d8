import { RemovalPolicy } from 'aws-cdk-lib';
import { BackupVault } from 'aws-cdk-lib/aws-backup';
import { AnyPrincipal, Effect, type IRole, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { publishKey } from '../private/published-key';
import { allowCopiesFrom, requireSources } from '../private/copies/vault-access';
import { lockOf } from '../private/vault-lock';
import type { VaultOptions } from './vault-options';

/** What a vault is made with. */
export interface RecoveryVaultProps {
  /** The vault's name: 2 to 50 letters, digits, hyphens and underscores. */
  readonly vaultName: string;
  /** What happens to vault and key when they are removed from the stack. */
  readonly removalPolicy: RemovalPolicy;
  /**
   * How the vault is kept.
   * @default - no lock, and nobody may delete recovery points
   */
  readonly options?: VaultOptions;
}

/**
 * The vault of a site: AWS Backup keeps recovery points in it, under a key of its own. The key delegates to the account, so
 * that the policies of the roles which AWS Backup and RDS work with decide who uses it. A snapshot of RDS stays under the key
 * of its instance; the vault's encrypts what is copied here, automated backups that RDS replicates included.
 *
 * A vault that is retained keeps its name: a second deployment brings it back with `cdk import`, see docs/vault-import.md.
 */
export class RecoveryVault extends Construct {
  /** The vault. */
  public readonly vault: BackupVault;
  /** Encrypts what is copied into the vault. */
  public readonly key: Key;
  /** The vault's name. */
  public readonly vaultName: string;
  /** Name of the stack's output that says the key's ARN: what copies to this vault from another Region are encrypted under. */
  public readonly keyArnOutput: string;

  private readonly copiesFrom = new Set<string>();

  constructor(scope: Construct, id: string, props: RecoveryVaultProps) {
    super(scope, id);
    const { options, removalPolicy } = props;
    this.vaultName = props.vaultName;
    this.key = new Key(this, 'Key', {
      description: `Recovery points in backup vault ${props.vaultName}`,
      enableKeyRotation: true,
      removalPolicy,
    });
    this.vault = new BackupVault(this, 'Vault', {
      backupVaultName: props.vaultName,
      encryptionKey: this.key,
      accessPolicy: accessPolicy(options?.breakGlassRole, removalPolicy),
      lockConfiguration: lockOf(options),
      removalPolicy,
    });
    this.keyArnOutput = publishKey(
      this,
      `RecoveryVaultKey${this.vaultName}`,
      `Key of backup vault ${this.vaultName}`,
      this.key,
    );
    for (const source of requireSources(options?.copiesFrom ?? [])) this._allowCopiesFrom(source);
  }

  /**
   * Lets an account, or all of an organization, copy into the vault.
   * @internal
   */
  public _allowCopiesFrom(source: string): void {
    if (this.copiesFrom.has(source)) return;
    this.copiesFrom.add(source);
    this.vault.addToAccessPolicy(allowCopiesFrom(source));
  }
}

/** What nobody may do to recovery points. */
const RECOVERY_POINTS = ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'];

/** What would undo the denial. */
const PROTECTION = [
  'backup:PutBackupVaultAccessPolicy',
  'backup:DeleteBackupVaultAccessPolicy',
  'backup:DeleteBackupVaultLockConfiguration',
  'backup:DeleteBackupVault',
];

/**
 * Without a break-glass role nobody is left who could change a policy that denies changing it, nor roll back a first deployment:
 * so only recovery points are denied then. And a vault that goes with its stack must be emptied first, so nothing is.
 */
function accessPolicy(breakGlass: IRole | undefined, removalPolicy: RemovalPolicy): PolicyDocument | undefined {
  if (!breakGlass && removalPolicy === RemovalPolicy.DESTROY) return undefined;
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'KeepRecoveryPoints',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: breakGlass ? [...RECOVERY_POINTS, ...PROTECTION] : RECOVERY_POINTS,
        resources: ['*'],
        conditions: breakGlass && { ArnNotLike: { 'aws:PrincipalArn': breakGlass.roleArn } },
      }),
    ],
  });
}
