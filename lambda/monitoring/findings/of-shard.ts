import type { Finding, SourceReport, WatchedSource } from '../../../lib/private/contract/monitoring';
import type { Settings } from '../account/settings';
import { vaultCause } from '../freshness/causes';
import { optInFindings, quotaFindings } from './account';
import { withSince, type Draft } from './draft';
import { keyCause, keyFindings } from './keys';
import { inVault, keyOf, keyUses, type Held } from './uses';
import { vaultFindings } from './vaults';

/** Findings of no single resource, what they block, and whom they concern. */
export interface Shared {
  readonly findings: readonly Finding[];
  readonly blocked: (held: Held, source: WatchedSource, last: SourceReport | undefined) => string | undefined;
  /** `<plan>/<resource>` */
  readonly concerned: (cause: string) => readonly string[];
}

export interface SharedFacts {
  readonly all: readonly Held[];
  /** Absent: not asked in this run. */
  readonly settings?: Settings;
  readonly before: readonly Finding[];
  readonly region: string;
  readonly account: string;
  readonly now: string;
}

const NO_VAULTS: Settings['vaults'] = new Map();

/** Where a setting was not asked, or AWS did not answer, what was found before stands. */
export function shared({ all, settings, before, region, account, now }: SharedFacts): Shared {
  const vaults = settings?.vaults ?? NO_VAULTS;
  const drafts = settings ? found(all, settings, region, account) : [];
  const open = settings ? unanswered(settings) : () => true;
  const carried = before.filter(({ cause }) => open(cause));
  const findings = [...withSince(drafts, before, now), ...carried];
  const uses = new Map(keyUses(all, vaults).map((use) => [use.keyArn, use.resources]));
  return {
    findings,
    blocked: (held, source, last) => {
      const causes = [source.vaultArn && vaultCause(source.vaultArn), keyCause(keyOf(held, source, vaults) ?? '')];
      const now = drafts.find(({ severity, cause }) => severity === 'page' && causes.includes(cause));
      return now?.what ?? carried.find(({ what }) => what === last?.blocked)?.what;
    },
    concerned: (cause) => uses.get(arnIn(cause)) ?? inVault(all, arnIn(cause)),
  };
}

function found(
  all: readonly Held[],
  { vaults, keys, quotas, optIns }: Settings,
  region: string,
  account: string,
): Draft[] {
  const ofVaults = [...vaults].flatMap(([arn, facts]) => (facts ? vaultFindings(arn, facts, inVault(all, arn)) : []));
  const ofKeys = keyUses(all, vaults).flatMap((use) => {
    const facts = keys.get(use.keyArn);
    return facts ? keyFindings(use, facts, account) : [];
  });
  return [
    ...ofVaults,
    ...ofKeys,
    ...(quotas ? quotaFindings(quotas, region) : []),
    ...(optIns ? optInFindings(optIns, backedUp(all), region) : []),
  ];
}

/** Whether a finding is of something that AWS was asked about and did not answer. */
function unanswered({ vaults, keys, quotas, optIns }: Settings): (cause: string) => boolean {
  const open = [...vaults, ...keys].flatMap(([arn, facts]) => (facts === undefined ? arn : []));
  return (cause) =>
    open.includes(arnIn(cause)) ||
    (quotas === undefined && cause.startsWith('quota ')) ||
    (optIns === undefined && cause.startsWith('opt-in '));
}

function arnIn(cause: string): string {
  return cause.split(' ').find((word) => word.startsWith('arn:')) ?? '';
}

/** Kinds of resources as AWS Backup calls them. */
function backedUp(all: readonly Held[]): string[] {
  const types = all.flatMap(({ sources, type }) => (sources.some(({ vaultArn }) => vaultArn) ? type : []));
  return [...new Set(types)];
}
