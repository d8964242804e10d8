import type { Finding, ResourceReport, WorstAge } from '../../../lib/private/contract/monitoring';
import type { Worst } from './worst';

/** A resource of a shard, its worst age and what was found about it. */
export interface Aged {
  /** Tells a resource that is watched twice apart from itself. */
  readonly key: string;
  readonly name: string;
  readonly worst: Worst;
  readonly findings: ResourceReport['findings'];
  /** The cause that the run before gave it. */
  readonly last?: string;
}

/**
 * Gives each worst age its cause. One cause, one message: what a key or a vault does to many is told once, and so is a vault that
 * two or more resources have their late source in, unless a finding singles a resource out. What a vault was the cause of stays so
 * until it is over, the last one's too: people were told of it under that cause.
 */
export function withCauses(resources: readonly Aged[], shared: readonly Finding[]): Map<string, WorstAge> {
  const late = new Map<string, Set<string>>();
  for (const aged of resources) {
    const vault = lateVault(aged);
    if (vault !== undefined) late.set(vault, (late.get(vault) ?? new Set()).add(aged.name));
  }
  return new Map(
    resources.map((aged) => {
      const { source: _, ...age } = aged.worst;
      return [aged.key, { ...age, cause: causeOf(aged, shared, late) }];
    }),
  );
}

function causeOf(aged: Aged, shared: readonly Finding[], late: ReadonlyMap<string, Set<string>>): string {
  const { source } = aged.worst;
  const blocking = shared.find(({ what }) => what === source?.blocked);
  if (blocking) return blocking.cause;
  const ofVault = shared.find(({ cause }) => source?.vaultArn !== undefined && cause === vaultCause(source.vaultArn));
  if (ofVault) return ofVault.cause;
  const vault = lateVault(aged);
  if (vault === undefined) return aged.name;
  const several = (late.get(vault)?.size ?? 0) > 1;
  return several || aged.last === vaultCause(vault) ? vaultCause(vault) : aged.name;
}

export function vaultCause(vaultArn: string): string {
  return `vault ${vaultArn}`;
}

function lateVault({ name, worst, findings }: Aged): string | undefined {
  const singledOut = findings.some(({ cause, severity }) => cause === name && severity === 'page');
  return worst.ratio > 1 && !singledOut ? worst.source?.vaultArn : undefined;
}
