import { type ResourceEnvironment, Stack, Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type CfnDBCluster, CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { Engine } from '../../plan/engine';
import type { RecoverySite } from '../../site/recovery-site';
import { anyKey } from '../permissions/keys';
import type { Support } from './support';
import { requireText, show, ValidationError } from '../validation';

export type Declared = CfnDBInstance | CfnDBCluster;

/** What a plan must know of the instance or cluster that it protects. */
export interface DatabaseFacts {
  readonly identifier: string;
  /** The same where synthesis knows it. */
  readonly knownIdentifier?: string;
  readonly support: Support;
  /** Of this app, not imported. */
  readonly owned: boolean;
  /** Whether its settings are of the plan. */
  readonly managed: boolean;
  /** Keys that a restore or a snapshot may need; none for a database that is known to have none of the account. */
  readonly keyArns: string[];
  /** What this app says of it. */
  readonly declared?: Declared;
  /** Key ARN, `aws/rds`, `none` for what is not encrypted; nothing where only the account knows. */
  readonly key?: string;
}

const IDENTIFIER = /^[a-z](-?[a-z0-9])*$/;

/** RDS keeps identifiers in lower case, and so do its ARNs. */
export function requireIdentifier(name: string, identifier: string, site: RecoverySite): string {
  if (Token.isUnresolved(identifier)) return identifier;
  const lower = String(identifier).toLowerCase();
  if (lower.length > 63 || !IDENTIFIER.test(lower)) {
    throw new ValidationError(
      `identifier of ${name} must be 1 to 63 letters, digits and single hyphens and begin with a letter, got: ${show(identifier)}`,
    );
  }
  if (lower.startsWith(site.prefix)) {
    throw new ValidationError(`${name} cannot protect ${lower}: the prefix ${site.prefix} belongs to copies of drills`);
  }
  return lower;
}

/** What the construct says, or what is given where it says nothing before deployment. */
export function knownIdentifier(
  name: string,
  said: (string | undefined)[],
  given: string | undefined,
  site: RecoverySite,
): string | undefined {
  const [known] = said
    .filter((each) => each !== undefined && !Token.isUnresolved(each))
    .map((each) => requireIdentifier(name, each!, site));
  if (given === undefined) return known;
  const asked = requireIdentifier(name, requireText(given, `identifier of ${name}`, 63), site);
  if (known === undefined || known === asked) return asked;
  throw new ValidationError(`identifier of ${name} is ${known} and not ${show(given)}: leave identifier out`);
}

/** The engine's name: what the construct says, or what is given where it says nothing. */
export function requireEngine(name: string, known: string | undefined, given: Engine | undefined): string {
  if (given !== undefined && !(given instanceof Engine)) {
    throw new ValidationError(`engine of ${name} must be one of Engine, such as Engine.POSTGRES, got: ${show(given)}`);
  }
  if (known !== undefined && given !== undefined && known !== given.engineName) {
    throw new ValidationError(`${name} runs ${known}, and ${given.engineName} is given as its engine: leave it out`);
  }
  const engine = known ?? given?.engineName;
  if (engine === undefined) {
    throw new ValidationError(`engine of ${name} is not known here: give it, such as { engine: Engine.POSTGRES }`);
  }
  return engine;
}

export function requireRegion(name: string, { region }: ResourceEnvironment, site: RecoverySite): void {
  const siteRegion = Stack.of(site).region;
  const known = !Token.isUnresolved(region) && !Token.isUnresolved(siteRegion);
  if (known && region !== siteRegion) {
    throw new ValidationError(
      `${name} is in Region ${region} and its site in ${siteRegion}: a database is drilled by a site in its own Region`,
    );
  }
}

/** Days that automated backups are kept, as far as this app knows: RDS keeps one unless told, and none of a replica. */
export function automatedBackupDays(declared?: Declared): number | undefined {
  if (!declared) return undefined;
  const replica = declared instanceof CfnDBInstance && declared.sourceDbInstanceIdentifier !== undefined;
  const days = declared.backupRetentionPeriod ?? (replica ? 0 : 1);
  return Token.isUnresolved(days) ? undefined : days;
}

/** A cluster that says nothing is under a key of AWS's own, or, if it is old, under none; a restored one is as its source was. */
export function keyOf(declared: Declared): string | undefined {
  const { kmsKeyId, storageEncrypted } = declared;
  if (kmsKeyId !== undefined) return kmsKeyId;
  if (Token.isUnresolved(storageEncrypted) || isRestored(declared)) return undefined;
  if (storageEncrypted === true) return 'aws/rds';
  return declared instanceof CfnDBInstance ? 'none' : undefined;
}

export function keysOf(given: IKey | undefined, site: RecoverySite, declared?: Declared): string[] {
  if (given) return [given.keyArn];
  const named = declared?.kmsKeyId;
  if (named !== undefined && (Token.isUnresolved(named) || named.startsWith('arn:'))) return [named];
  const silent = named === undefined && (declared?.storageEncrypted ?? false) === false;
  return declared && silent && !isRestored(declared) ? [] : [anyKey(Stack.of(site))];
}

function isRestored(declared: Declared): boolean {
  const source =
    declared instanceof CfnDBInstance
      ? (declared.dbSnapshotIdentifier ?? declared.sourceDbInstanceIdentifier)
      : (declared.snapshotIdentifier ??
        declared.sourceDbClusterIdentifier ??
        declared.replicationSourceIdentifier ??
        declared.globalClusterIdentifier);
  return source !== undefined;
}
