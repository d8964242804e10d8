import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { Engine } from '../../plan/engine';
import { ValidationError } from '../validation';

/** One row of what is supported. All of it has automated backups, points in time and backups by AWS Backup. */
export interface Support {
  readonly kind: Kind;
  readonly engine: Engine;
  /** Whether AWS Backup can take it continuously. */
  readonly continuous: boolean;
  /** Whether AWS Backup can copy its backups to another vault. */
  readonly copies: boolean;
  /** Whether drills can restore and check it. */
  readonly drills: boolean;
}

/** What messages and documentation call it. */
export enum Kind {
  INSTANCE = 'RDS instance',
  AURORA = 'Aurora cluster',
  MULTI_AZ = 'Multi-AZ DB cluster',
}

const everywhere = { continuous: true, copies: true, drills: false };

/** What can be protected, and what can be drilled of it. `docs/support.md` shows it; a test compares them. */
export const SUPPORTED: readonly Support[] = [
  { kind: Kind.INSTANCE, engine: Engine.POSTGRES, ...everywhere, drills: true },
  ...[
    Engine.MYSQL,
    Engine.MARIADB,
    Engine.ORACLE_EE,
    Engine.ORACLE_EE_CDB,
    Engine.ORACLE_SE2,
    Engine.ORACLE_SE2_CDB,
    Engine.SQLSERVER_EE,
    Engine.SQLSERVER_SE,
    Engine.SQLSERVER_EX,
    Engine.SQLSERVER_WEB,
  ].map((engine) => ({ kind: Kind.INSTANCE, engine, ...everywhere })),
  ...[Engine.AURORA_POSTGRESQL, Engine.AURORA_MYSQL].map((engine) => ({ kind: Kind.AURORA, engine, ...everywhere })),
  // AWS Backup takes these as snapshots only, and copies none.
  ...[Engine.POSTGRES, Engine.MYSQL].map((engine) => ({
    kind: Kind.MULTI_AZ,
    engine,
    continuous: false,
    copies: false,
    drills: false,
  })),
];

/** What people try, and why it is refused. */
export const REFUSED: readonly { readonly engine: RegExp; readonly why: string }[] = [
  { engine: /^custom-/, why: 'RDS Custom, which AWS Backup cannot restore' },
  { engine: /^db2-/, why: 'RDS for Db2, whose restores need licence settings of their own' },
  { engine: /^aurora$/, why: 'Aurora MySQL 5.6, which AWS has ended' },
  { engine: /^oracle-se1?$/, why: 'an Oracle edition that RDS has ended' },
  { engine: /^(neptune|docdb|dsql|aurora-dsql)$/, why: 'no database of RDS, though part of its API may be alike' },
];

/** What kind of cluster an engine makes. */
export function clusterKind(engineName: string): Kind {
  return engineName.startsWith('aurora') ? Kind.AURORA : Kind.MULTI_AZ;
}

export function requireSupported(name: string, kind: Kind, engineName: string): Support {
  const found = SUPPORTED.find((row) => row.kind === kind && row.engine.engineName === engineName);
  if (found) return found;
  const why = REFUSED.find(({ engine }) => engine.test(engineName))?.why ?? elsewhere(kind, engineName);
  throw new ValidationError(`${name} runs ${engineName} and cannot be protected: ${why}; ${supported()}`);
}

/** Aurora Limitless and Serverless v1 have the engine names of other clusters. */
export function refuseVariant(name: string, variant: string, why: string): never {
  throw new ValidationError(`${name} is ${variant} and cannot be protected: ${why}; ${supported()}`);
}

export function requireDrillable(name: string, support: Support): void {
  if (support.drills) return;
  throw new ValidationError(`${name} cannot be drilled: ${notDrilled(support)}; it stays protected without addDrill`);
}

/** What is backed up and cannot be drilled is no error, and must not pass in silence. */
export function warnNotProven(resource: IConstruct, name: string, support: Support): void {
  Annotations.of(resource).addWarningV2(
    'cdk-recoverable:notProven',
    `${name} is protected, and nothing proves that it can be recovered: ${notDrilled(support)}`,
  );
}

function notDrilled({ kind, engine }: Support): string {
  return `drills restore ${list(SUPPORTED.filter(({ drills }) => drills))}, and no ${kind} of ${engine.engineName} yet`;
}

function elsewhere(kind: Kind, engineName: string): string {
  const other = SUPPORTED.find((row) => row.engine.engineName === engineName)?.kind;
  if (other === undefined) return 'it is not known here';
  return `that is ${article(other)}, not ${article(kind)}: use ${other === Kind.INSTANCE ? 'protectInstance' : 'protectCluster'}`;
}

function supported(): string {
  return `supported: ${list(SUPPORTED)}`;
}

function list(rows: readonly Support[]): string {
  return Object.values(Kind)
    .map((kind) => ({ kind, engines: rows.filter((row) => row.kind === kind).map(({ engine }) => engine.engineName) }))
    .filter(({ engines }) => engines.length > 0)
    .map(({ kind, engines }) => `${kind}s of ${engines.join(', ')}`)
    .join('; ');
}

function article(kind: Kind): string {
  return kind === Kind.MULTI_AZ ? `a ${kind}` : `an ${kind}`;
}
