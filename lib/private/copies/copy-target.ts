import { Arn, type ArnComponents, ArnFormat, type Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import type { LockConfiguration } from 'aws-cdk-lib/aws-backup';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { CopyOptions, ICopyDestination, VaultCopyOptions } from '../../backup/copy-destination';
import type { RecoverySite } from '../../site/recovery-site';
import { LONGEST_RETENTION, requireDays } from '../days';
import { deployBefore } from './deploy-order';
import { topStack } from '../site-names';
import { show, ValidationError } from '../validation';

/** Where the copies of one plan go, as its stack writes it. */
export interface CopyTarget {
  /** As messages name it. */
  readonly name: string;
  readonly region: string;
  readonly account: string;
  /** Whether it is of the plan's own account. */
  readonly sameAccount: boolean;
  readonly vaultArn: string;
  /** Of this app. */
  readonly site?: RecoverySite;
  /** How long every copy is kept; else as long as its original. */
  readonly retention?: Duration;
  /** What the vault takes, where it is known. */
  readonly lock?: LockConfiguration;
  /** What encrypts there, where it is known and of the plan's own account. */
  readonly keyArn?: string;
  /** The same, for a person at a terminal. */
  readonly keyForShell: string;
  /** Whether RDS is to replicate automated backups there. */
  readonly replicates: boolean;
  /** Makes a stack that refers to the destination come after it. */
  readonly orderAfter: (stack: Stack) => void;
}

/** AWS Backup takes no more copy actions in one rule. */
const MOST = 5;

/** Every destination of a plan, each another vault. */
export function copyTargets(home: RecoverySite, copyTo: ICopyDestination[] = []): CopyTarget[] {
  if (copyTo.length > MOST) {
    throw new ValidationError(
      `copyTo names ${copyTo.length} destinations, and AWS Backup copies a recovery point to at most ${MOST}: name the ${MOST} that matter`,
    );
  }
  const targets = copyTo.map((each) => each.asCopyDestination()._resolve(home));
  const arns = targets.map(({ vaultArn }) => vaultArn);
  const twice = targets.find(({ vaultArn }, index) => arns.indexOf(vaultArn) !== index);
  if (twice) throw new ValidationError(`copyTo names ${twice.name} twice: each copy would be made twice`);
  return targets;
}

/** The vault of a site of this app. Its name is known here, and the ARN of its key travels as an output of its stack. */
export function siteTarget(home: RecoverySite, site: RecoverySite, options: CopyOptions): CopyTarget {
  const name = `site ${site.siteName} in ${show(Stack.of(site).region)}`;
  const there = Stack.of(site);
  const sameAccount = sameAccountAs(home, name, there, true);
  const vault = site.vault();
  if (!sameAccount) vault._allowCopiesFrom(Stack.of(home).account);
  const { stackName } = topStack(site);
  const output = vault.keyArnOutput;
  return {
    ...common(name, there, sameAccount, options),
    vaultArn: backupVaultArn(home, there, vault.vaultName),
    site,
    lock: site._vaultLock(),
    keyArn: sameAccount ? Fn.getStackOutput(stackName, output, there.region) : undefined,
    keyForShell: `"$(aws cloudformation describe-stacks --region ${there.region} --stack-name ${stackName} --query "Stacks[0].Outputs[?OutputKey=='${output}'].OutputValue" --output text)"`,
    orderAfter: (stack) => deployBefore(topStack(site), topStack(stack)),
  };
}

/** A vault that the app knows nothing about but its ARN. */
export function vaultTarget(home: RecoverySite, vaultArn: string, options: VaultCopyOptions): CopyTarget {
  const { region, account, partition, resourceName } = parse(vaultArn);
  const name = `vault ${resourceName} in ${region}`;
  if (resourceName === 'Default') {
    throw new ValidationError(
      'a vault named Default is under the AWS-managed key of AWS Backup, which no copy of a database can be encrypted with: name a vault with a customer-managed key',
    );
  }
  const there = { region, account };
  const sameAccount = sameAccountAs(home, name, there, false);
  requirePartition(home, name, partition);
  return {
    ...common(name, there, sameAccount, options),
    vaultArn,
    keyArn: sameAccount ? keyArnIn(name, region, options.encryptionKeyArn) : undefined,
    keyForShell: shellKey(region, options.encryptionKeyArn),
    orderAfter: () => {},
  };
}

interface Place {
  readonly region: string;
  readonly account: string;
}

function common(name: string, { region, account }: Place, sameAccount: boolean, options: CopyOptions) {
  const { retention } = options;
  return {
    name,
    region,
    account,
    sameAccount,
    retention: retention && (requireDays(retention, `retention of copies in ${name}`, 1, LONGEST_RETENTION), retention),
    replicates: sameAccount && (options.replicateAutomatedBackups ?? true),
  };
}

/** Whether a destination is of the home account; it must be known to be elsewhere. */
export function sameAccountAs(home: RecoverySite, name: string, there: Place, isSite: boolean): boolean {
  const here = Stack.of(home);
  const at = `copies of site ${home.siteName} to ${name}`;
  if (Token.isUnresolved(here.region) || Token.isUnresolved(there.region)) {
    throw new ValidationError(
      `${at} need both Regions known at synthesis: give both stacks an env with their region, or copies could end where the database is`,
    );
  }
  if (Token.isUnresolved(here.account) !== Token.isUnresolved(there.account)) {
    const remedy = isSite
      ? 'give both stacks an env with their account, or neither'
      : `give the stack of site ${home.siteName} an env with its account`;
    throw new ValidationError(
      `${at}: one account is known at synthesis and the other is not, so nobody can tell whether they differ; ${remedy}`,
    );
  }
  // Without accounts, both stacks are deployed to the account of whoever deploys.
  const sameAccount = Token.isUnresolved(here.account) || here.account === there.account;
  if (sameAccount && here.region === there.region) {
    throw new ValidationError(
      `${at} would stay in the Region and account of what they are copies of (${here.region}): choose a destination in another Region or account`,
    );
  }
  requirePartition(home, name, RegionInfo.get(there.region).partition);
  return sameAccount;
}

/** Nothing of AWS reaches across partitions. */
function requirePartition(home: RecoverySite, name: string, there: string | undefined): void {
  const here = RegionInfo.get(Stack.of(home).region).partition;
  if (here === undefined || there === undefined || Token.isUnresolved(there) || here === there) return;
  throw new ValidationError(
    `copies of site ${home.siteName} to ${name} would leave partition ${here} for ${there}, which AWS Backup cannot: choose a destination in ${here}`,
  );
}

/** The partition and, where it is not known, the account are those of the stack that this is written in. */
function backupVaultArn(home: RecoverySite, { region, account }: Place, vaultName: string): string {
  return Stack.of(home).formatArn({
    service: 'backup',
    resource: 'backup-vault',
    resourceName: vaultName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    region,
    account,
  });
}

function parse(vaultArn: string): Place & { readonly partition: string; readonly resourceName: string } {
  const parts = split(vaultArn);
  const { service, resource, resourceName, region, account, partition } = parts;
  const known = [resourceName, region, account].every((part) => part && !Token.isUnresolved(part));
  if (service !== 'backup' || resource !== 'backup-vault' || !known) {
    throw new ValidationError(
      `the ARN of a vault that is copied to must be arn:aws:backup:<region>:<account>:backup-vault:<name> with Region, account and name known at synthesis, got: ${Token.isUnresolved(vaultArn) && !vaultArn.startsWith('arn:') ? show(vaultArn) : JSON.stringify(vaultArn)}`,
    );
  }
  return { region: region!, account: account!, partition: partition!, resourceName: resourceName! };
}

function split(arn: string): Partial<ArnComponents> {
  if (typeof arn !== 'string' || !/^arn:([^:]*:){5}[^:]+$/.test(arn)) return {};
  return Arn.split(arn, ArnFormat.COLON_RESOURCE_NAME);
}

function shellKey(region: string, keyArn: string | undefined): string {
  return keyArn === undefined || Token.isUnresolved(keyArn) ? `<ARN of a customer-managed key in ${region}>` : keyArn;
}

function keyArnIn(name: string, region: string, keyArn: string | undefined): string | undefined {
  if (keyArn === undefined || Token.isUnresolved(keyArn)) return keyArn;
  const [arn, , service, keyRegion, , resource] = keyArn.split(':');
  if (arn !== 'arn' || service !== 'kms' || keyRegion !== region || !/^key\/./.test(resource ?? '')) {
    throw new ValidationError(
      `encryptionKeyArn of ${name} must be the ARN of a customer-managed key in ${region}, arn:aws:kms:${region}:<account>:key/<id>, got: ${show(keyArn)}`,
    );
  }
  return keyArn;
}
