import type { FilesFacts, Removed, SourceFacts } from '../../lib/private/contract/drill';
import type { Evidence, EvidenceSource } from '../../lib/private/contract/evidence';
import { secondsBetween } from '../shared/clock';
import { costOf } from './cost';
import { differencesOf } from './differences';
import type { Facts, Judgement } from './facts';
import { findingsOf } from './findings';
import { manualOf } from './manual';
import { moment, oneLine } from './text';

/** What evidence holds beyond the facts of the drill. */
export interface Extras extends Pick<Evidence, 'schema' | 'watermark' | 'finishedAt' | 'sequence' | 'previous'> {
  /** Waits and patiences in force, seconds, as the site's environment has them. */
  readonly patience: Readonly<Record<string, number>>;
}

/** Interval between two questions assumed for the cost where the patience does not say. */
const DEFAULT_POLL_SECONDS = 30;

/** The record of a drill. Pure: the same facts give the same bytes, so a repeated recording is recognised. */
export function buildEvidence(facts: Facts, judgement: Judgement, extras: Extras): Evidence {
  const { definition, state, results } = facts;
  const { drill, source } = state;
  return {
    schema: extras.schema,
    ...(extras.watermark ? { watermark: extras.watermark } : {}),
    drillId: drill.id,
    drill: drill.name,
    site: drill.site,
    owner: definition.owner,
    execution: drill.execution,
    verdict: judgement.verdict,
    reasons: judgement.reasons,
    resource: {
      name: drill.resource,
      identifier: definition.resource.identifier,
      engine: definition.resource.engine,
      ownership: definition.resource.ownership,
    },
    source: source ? evidenceSource(source, drill.disasterAt) : null,
    disasterAt: drill.disasterAt,
    startedAt: drill.startedAt,
    finishedAt: extras.finishedAt,
    rpo: judgement.rpo,
    rto: judgement.rto,
    tables: results?.profile?.tables ?? [],
    checks: results?.checks ?? [],
    ...(results?.files?.length ? { files: results.files } : {}),
    comparedWith: comparedWith(facts),
    differences: differencesOf(source),
    findings: findingsOf(definition.resource.identifier, source),
    manual: manualOf(facts),
    removed: state.teardown?.removed ?? [],
    leftBehind: leftBehind(facts),
    cost: costOf(state, extras.finishedAt, extras.patience.poll ?? DEFAULT_POLL_SECONDS),
    patience: extras.patience,
    sequence: extras.sequence,
    previous: extras.previous,
  };
}

function evidenceSource(source: SourceFacts, disasterAt: string): EvidenceSource {
  const { kind, identifier, arn, restorePoint, latestRestorableTime, engineVersion, instanceClass, recoveryPoint } =
    source;
  const ageSeconds = Math.max(0, secondsBetween(restorePoint, disasterAt));
  const known = { kind, identifier, arn, restorePoint, latestRestorableTime, ageSeconds, engineVersion };
  const { continuous: _, ...point } = recoveryPoint ?? {};
  return { ...known, instanceClass: instanceClass || (source.files ? '' : 'unknown'), ...point };
}

function comparedWith({ results, state }: Facts): string[] {
  if (!results || state.source?.files) return [];
  const { profileOf, baselineAt } = results.reference;
  const said = [
    profileOf === undefined
      ? 'Nothing earlier: no drill of this resource has passed yet, so only the checks themselves could find damage. If this one passes, the next compares with it.'
      : `The profile of drill ${oneLine(profileOf, 60)}, the last that passed: tables, rows, migrations.`,
  ];
  if (baselineAt !== undefined) said.push(`An exact baseline of the source as it was at ${moment(baselineAt)}.`);
  return said;
}

/** What was seen and not removed; where teardown never came to an end, also what may have been made and was never seen gone. */
function leftBehind({ state }: Facts): Removed[] {
  const { teardown, drill } = state;
  if (teardown?.gone) return [...teardown.leftBehind];
  const known = [...(teardown?.leftBehind ?? []), ...(teardown?.removed ?? [])];
  const possible: Removed[] = [
    ...(state.source && !state.source.files
      ? [{ kind: 'db-instance', identifier: drill.names.instance } as const]
      : []),
    ...(state.source?.files ? [{ kind: 'files', identifier: whereFiles(drill.id, state.source.files) } as const] : []),
    ...(state.instance?.ready ? [{ kind: 'secret', identifier: drill.names.secret } as const] : []),
  ];
  const unseen = possible.filter((thing) => !known.some((other) => other.kind === thing.kind));
  return [...(teardown?.leftBehind ?? []), ...unseen];
}

function whereFiles(drillId: string, { restoredTo, prefix }: FilesFacts): string {
  return restoredTo === undefined ? `${drillId}/ in the scratch bucket` : `s3://${restoredTo}/${prefix}`;
}
