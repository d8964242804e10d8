import { RemovalPolicy, Token, Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { RecoverySite, type RecoverySiteProps, VaultLockMode, type VaultOptions } from '../../../lib';
import { newStack, type Statement } from '../support';
import { days, only } from './support';

function vaultOf(props?: RecoverySiteProps) {
  const stack = newStack();
  const site = new RecoverySite(stack, 'Recovery', { name: 'acme', ...props });
  const vault = site.vault();
  return { stack, site, vault, resource: only(stack, 'AWS::Backup::BackupVault') };
}

const statementOf = (resource: { Properties: { AccessPolicy: { Statement: Statement[] } } }) =>
  resource.Properties.AccessPolicy.Statement;

const acknowledged = { lockMode: VaultLockMode.COMPLIANCE, acknowledgeRecoveryPointsCannotBeDeletedByAnyone: true };

test('a site has no vault until one is asked for, and then one', () => {
  const stack = newStack();
  const site = new RecoverySite(stack, 'Recovery');
  Template.fromStack(stack).resourceCountIs('AWS::Backup::BackupVault', 0);
  const other = vaultOf();
  expect(other.site.vault()).toBe(other.vault);
  expect(site).toBeInstanceOf(RecoverySite);
});

test('is named by site and hash, and survives all but its first deployment', () => {
  const { site, vault, resource } = vaultOf();
  expect(vault.vaultName).toMatch(/^rcv-acme-[0-9a-f]{8}$/);
  expect(`${vault.vaultName}-`).toBe(site.prefix);
  expect(resource.Properties.BackupVaultName).toBe(vault.vaultName);
  expect([resource.DeletionPolicy, resource.UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
});

test('has a rotated key of its own that delegates to the account and to nobody else', () => {
  const { stack, site, vault, resource } = vaultOf();
  expect(vault.key).not.toBe(site.key);
  expect(resource.Properties.EncryptionKeyArn).toEqual(stack.resolve(vault.key.keyArn));
  const key =
    Template.fromStack(stack).findResources('AWS::KMS::Key')[stack.getLogicalId(vault.key.node.defaultChild as never)];
  expect([key.Properties.EnableKeyRotation, key.DeletionPolicy]).toEqual([true, 'RetainExceptOnCreate']);
  expect(key.Properties.KeyPolicy.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: 'kms:*',
      Resource: '*',
      Principal: {
        AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] },
      },
    },
  ]);
});

describe('access policy', () => {
  test('lets nobody delete recovery points, and leaves the policy to be mended', () => {
    expect(statementOf(vaultOf().resource as never)).toEqual([
      {
        Sid: 'KeepRecoveryPoints',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'],
        Resource: '*',
      },
    ]);
  });

  test('lets a break-glass role alone', () => {
    const stack = newStack();
    const breakGlassRole = Role.fromRoleArn(stack, 'BreakGlass', 'arn:aws:iam::111122223333:role/break-glass');
    new RecoverySite(stack, 'Recovery', { vault: { breakGlassRole }, removalPolicy: RemovalPolicy.DESTROY }).vault();
    const [statement, ...more] = statementOf(only(stack, 'AWS::Backup::BackupVault') as never);
    expect(more).toEqual([]);
    expect(statement).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' }, Resource: '*' });
    expect(statement.Condition).toEqual({
      ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/break-glass' },
    });
    expect(statement.Action).toEqual([
      'backup:DeleteRecoveryPoint',
      'backup:UpdateRecoveryPointLifecycle',
      'backup:PutBackupVaultAccessPolicy',
      'backup:DeleteBackupVaultAccessPolicy',
      'backup:DeleteBackupVaultLockConfiguration',
      'backup:DeleteBackupVault',
    ]);
  });

  test('lets a vault be emptied that goes with its stack', () => {
    const { resource } = vaultOf({ removalPolicy: RemovalPolicy.DESTROY });
    expect(resource.Properties.AccessPolicy?.Statement ?? []).toEqual([]);
    expect(resource.DeletionPolicy).toBe('Delete');
  });
});

test.each<[string, VaultOptions | undefined, object | undefined]>([
  ['none', undefined, undefined],
  ['none by name', { lockMode: VaultLockMode.NONE }, undefined],
  ['governance', { lockMode: VaultLockMode.GOVERNANCE }, { MinRetentionDays: 1 }],
  [
    'governance in bounds',
    { lockMode: VaultLockMode.GOVERNANCE, minRetention: days(7), maxRetention: days(36_500) },
    { MinRetentionDays: 7, MaxRetentionDays: 36_500 },
  ],
  ['compliance', acknowledged, { MinRetentionDays: 1, ChangeableForDays: 3 }],
  [
    'compliance with time to think',
    { ...acknowledged, changeableFor: days(30) },
    { MinRetentionDays: 1, ChangeableForDays: 30 },
  ],
])('lock: %s', (_, vault, expected) => {
  expect(vaultOf({ vault }).resource.Properties.LockConfiguration).toEqual(expected);
});

const lockMode = VaultLockMode.GOVERNANCE;
const token = Duration.days(Token.asNumber({ Ref: 'Days' }));

test.each<[string, VaultOptions, RegExp]>([
  [
    'compliance without acknowledgement',
    { lockMode: VaultLockMode.COMPLIANCE },
    /set acknowledgeRecoveryPointsCannotBeDeletedByAnyone to true, or choose GOVERNANCE/,
  ],
  [
    'less than a day',
    { lockMode, minRetention: Duration.hours(12) },
    /minRetention of a vault lock must be whole days, from 1/,
  ],
  [
    'no range',
    { lockMode, minRetention: days(7), maxRetention: days(7) },
    /maxRetention .* more than its minRetention of 7/,
  ],
  ['more than a century', { lockMode, maxRetention: days(36_501) }, /maxRetention of a vault lock .* to 36500/],
  ['a token', { lockMode, minRetention: token }, /minRetention of a vault lock must be known at synthesis/],
  [
    'governance that would become compliance',
    { lockMode, changeableFor: days(3) },
    /changeableFor would make a governance/,
  ],
  ['a short grace', { ...acknowledged, changeableFor: days(2) }, /changeableFor of a vault lock .*, from 3 to 36500/],
  [
    'a range without a lock',
    { maxRetention: days(9) },
    /maxRetention belongs to a vault lock, and this vault has none/,
  ],
])('fails for %s, before anybody asks for the vault', (_, vault, message) => {
  expect(() => new RecoverySite(newStack(), 'Recovery', { vault })).toThrow(message);
});
