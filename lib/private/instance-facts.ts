import { Resource, Stack, Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnDBInstance, type IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { RecoverySite } from '../site/recovery-site';
import { Engine } from '../plan/engine';
import type { ProtectInstanceOptions } from '../plan/recovery-plan';
import { anyKey } from './permissions/keys';
import { show, ValidationError } from './validation';

/** What a drill must know of the instance it protects. */
export interface InstanceFacts {
  readonly identifier: string;
  readonly engine: Engine;
  /** Of this app, not imported. */
  readonly owned: boolean;
  /** Keys that a restore may need; none for an instance that is known to be unencrypted. */
  readonly keyArns: string[];
  /** What this app says of it. */
  readonly declared?: CfnDBInstance;
  /** Key ARN, `aws/rds`, `none` for what is not encrypted; nothing where only the account knows. */
  readonly key?: string;
}

const IDENTIFIER = /^[a-z](-?[a-z0-9])*$/;

export function protectedInstance(
  name: string,
  instance: IDatabaseInstance,
  site: RecoverySite,
  options: ProtectInstanceOptions,
): InstanceFacts {
  requireRegion(name, instance, site);
  const engine = engineOf(name, instance, options.engine);
  const declared = Resource.isOwnedResource(instance) ? instance.node.defaultChild : undefined;
  const owned = declared instanceof CfnDBInstance ? declared : undefined;
  return {
    identifier: requireIdentifier(name, instance.instanceIdentifier, site),
    engine,
    owned: owned !== undefined,
    keyArns: keysOf(options.encryptionKey, site, owned),
    declared: owned,
    key: options.encryptionKey?.keyArn ?? (owned && keyOf(owned)),
  };
}

export function observedInstance(
  name: string,
  identifier: string,
  site: RecoverySite,
  options: { readonly engine: Engine; readonly encryptionKey?: IKey },
): InstanceFacts {
  if (!(options?.engine instanceof Engine)) {
    throw new ValidationError(`engine of ${name} is missing: an identifier does not reveal it, give Engine.POSTGRES`);
  }
  return {
    identifier: requireIdentifier(name, identifier, site),
    engine: options.engine,
    owned: false,
    keyArns: keysOf(options.encryptionKey, site),
    key: options.encryptionKey?.keyArn,
  };
}

/** RDS keeps identifiers in lower case, and so do its ARNs. */
function requireIdentifier(name: string, identifier: string, site: RecoverySite): string {
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

function engineOf(name: string, instance: IDatabaseInstance, given?: Engine): Engine {
  const known = instance.engine?.engineType;
  if (known !== undefined && known !== Engine.POSTGRES.engineName) {
    throw new ValidationError(
      `${name} runs ${known}, which is not drillable yet; drillable: ${Engine.POSTGRES.engineName}`,
    );
  }
  if (known === undefined && given === undefined) {
    throw new ValidationError(
      `engine of ${name} is not known, since its construct does not say it: give { engine: Engine.POSTGRES }`,
    );
  }
  return given ?? Engine.POSTGRES;
}

/** Days that automated backups are kept, as far as this app knows: RDS keeps one unless told, and none of a replica. */
export function automatedBackupDays(instance?: CfnDBInstance): number | undefined {
  if (!instance) return undefined;
  const days = instance.backupRetentionPeriod ?? (instance.sourceDbInstanceIdentifier === undefined ? 1 : 0);
  return Token.isUnresolved(days) ? undefined : days;
}

function keyOf({ kmsKeyId, storageEncrypted }: CfnDBInstance): string | undefined {
  if (kmsKeyId !== undefined) return kmsKeyId;
  if (Token.isUnresolved(storageEncrypted)) return undefined;
  return storageEncrypted === true ? 'aws/rds' : 'none';
}

function keysOf(given: IKey | undefined, site: RecoverySite, instance?: CfnDBInstance): string[] {
  if (given) return [given.keyArn];
  const named = instance?.kmsKeyId;
  if (named !== undefined && (Token.isUnresolved(named) || named.startsWith('arn:'))) return [named];
  const plain = instance !== undefined && named === undefined && (instance.storageEncrypted ?? false) === false;
  return plain ? [] : [anyKey(Stack.of(site))];
}

function requireRegion(name: string, instance: IDatabaseInstance, site: RecoverySite): void {
  const { region } = instance.env;
  const siteRegion = Stack.of(site).region;
  const known = !Token.isUnresolved(region) && !Token.isUnresolved(siteRegion);
  if (known && region !== siteRegion) {
    throw new ValidationError(
      `${name} is in Region ${region} and its site in ${siteRegion}: a database is drilled by a site in its own Region`,
    );
  }
}
