import { Resource, Token } from 'aws-cdk-lib';
import { CfnDBCluster, type IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import type { aws_rds } from 'aws-cdk-lib/interfaces';
import type { ObserveClusterOptions, ProtectClusterOptions } from '../../plan/cluster-options';
import type { RecoverySite } from '../../site/recovery-site';
import { type DatabaseFacts, keyOf, keysOf, requireEngine, requireIdentifier, requireRegion } from './database-facts';
import { clusterKind, refuseVariant, requireSupported } from './support';

export function protectedCluster(
  name: string,
  cluster: aws_rds.IDBClusterRef,
  site: RecoverySite,
  options: ProtectClusterOptions,
): DatabaseFacts {
  requireRegion(name, cluster.env, site);
  const declared = declaredOf(cluster);
  const engine = requireEngine(name, engineOf(cluster, declared), options.engine);
  if (declared) refuseVariants(name, declared);
  return {
    identifier: requireIdentifier(name, cluster.dbClusterRef.dbClusterIdentifier, site),
    support: requireSupported(name, clusterKind(engine), engine),
    owned: declared !== undefined,
    managed: options.manage ?? declared !== undefined,
    keyArns: keysOf(options.encryptionKey, site, declared),
    declared,
    key: options.encryptionKey?.keyArn ?? (declared && keyOf(declared)),
  };
}

export function observedCluster(
  name: string,
  identifier: string,
  site: RecoverySite,
  options: ObserveClusterOptions,
): DatabaseFacts {
  const engine = requireEngine(name, undefined, options?.engine);
  return {
    identifier: requireIdentifier(name, identifier, site),
    support: requireSupported(name, clusterKind(engine), engine),
    owned: false,
    managed: false,
    keyArns: keysOf(options.encryptionKey, site),
    key: options.encryptionKey?.keyArn,
  };
}

/** A `CfnDBCluster` stands for itself; what is imported declares nothing. */
function declaredOf(cluster: aws_rds.IDBClusterRef): CfnDBCluster | undefined {
  if (cluster instanceof CfnDBCluster) return cluster;
  const child = Resource.isOwnedResource(cluster) ? cluster.node.defaultChild : undefined;
  return child instanceof CfnDBCluster ? child : undefined;
}

function engineOf(cluster: aws_rds.IDBClusterRef, declared?: CfnDBCluster): string | undefined {
  const engine = declared ? declared.engine : (cluster as Partial<IDatabaseCluster>).engine?.engineType;
  return Token.isUnresolved(engine) ? undefined : engine;
}

/** Some Aurora clusters bear an engine's name and are backed up otherwise, or not at all. */
function refuseVariants(name: string, { clusterScalabilityType, engineMode, engineVersion }: CfnDBCluster): void {
  if (clusterScalabilityType === 'limitless' || engineVersion?.includes('limitless')) {
    refuseVariant(name, 'an Aurora Limitless database', 'RDS cannot retain its automated backups');
  }
  if (engineMode === 'serverless') refuseVariant(name, 'Aurora Serverless v1', 'AWS has ended it');
}
