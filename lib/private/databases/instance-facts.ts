import { Resource } from 'aws-cdk-lib';
import { CfnDBInstance, type IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { ObserveInstanceOptions, ProtectInstanceOptions } from '../../plan/instance-options';
import type { RecoverySite } from '../../site/recovery-site';
import {
  type DatabaseFacts,
  keyOf,
  keysOf,
  knownIdentifier,
  requireEngine,
  requireIdentifier,
  requireRegion,
} from './database-facts';
import { Kind, requireSupported } from './support';

export function protectedInstance(
  name: string,
  instance: IDatabaseInstance,
  site: RecoverySite,
  options: ProtectInstanceOptions,
): DatabaseFacts {
  requireRegion(name, instance.env, site);
  const engine = requireEngine(name, instance.engine?.engineType, options.engine);
  const support = requireSupported(name, Kind.INSTANCE, engine);
  const child = Resource.isOwnedResource(instance) ? instance.node.defaultChild : undefined;
  const declared = child instanceof CfnDBInstance ? child : undefined;
  return {
    identifier: requireIdentifier(name, instance.instanceIdentifier, site),
    knownIdentifier: knownIdentifier(
      name,
      [instance.instanceIdentifier, declared?.dbInstanceIdentifier],
      options.identifier,
      site,
    ),
    support,
    owned: declared !== undefined,
    managed: options.manage ?? declared !== undefined,
    keyArns: keysOf(options.encryptionKey, site, declared),
    declared,
    key: options.encryptionKey?.keyArn ?? (declared && keyOf(declared)),
  };
}

export function observedInstance(
  name: string,
  identifier: string,
  site: RecoverySite,
  options: ObserveInstanceOptions,
): DatabaseFacts {
  const engine = requireEngine(name, undefined, options?.engine);
  return {
    identifier: requireIdentifier(name, identifier, site),
    knownIdentifier: knownIdentifier(name, [identifier], undefined, site),
    support: requireSupported(name, Kind.INSTANCE, engine),
    owned: false,
    managed: false,
    keyArns: keysOf(options.encryptionKey, site),
    key: options.encryptionKey?.keyArn,
  };
}
