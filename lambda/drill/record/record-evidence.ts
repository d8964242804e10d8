import { S3Client } from '@aws-sdk/client-s3';
import type { DrillDefinition, DrillState, EvidenceFacts } from '../../../lib/private/contract/drill';
import type { Evidence, EvidenceSchema } from '../../../lib/private/contract/evidence';
import type { LastPassed, VerificationResults } from '../../../lib/private/contract/verification';
import { buildEvidence } from '../../evidence/build';
import { judge } from '../../evidence/judge';
import { page } from '../../evidence/page/page';
import { profileOfFiles } from '../../evidence/restored-files';
import { summary } from '../../evidence/summary';
import { now, secondsBetween } from '../../shared/clock';
import { patience, required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { releaseLock } from '../../shared/lock';
import { log } from '../../shared/log';
import { metric } from '../../shared/metrics';
import { NamedError } from '../../shared/named-error';
import { Store } from '../../shared/store';
import { appendToChain } from './chain';

const s3 = new S3Client();
const state = new Store(required('STATE_BUCKET'), s3);
const evidenceStore = new Store(required('EVIDENCE_BUCKET'), s3);

/** Judges, appends to the resource's chain, keeps what the next drill learns from, frees the resource. Repeatable. */
export async function recordEvidence(facts: DrillState): Promise<EvidenceFacts> {
  const { drill } = facts;
  const definition = await state.get<DrillDefinition>(drill.definition);
  if (!definition) throw new NamedError('InvalidDefinition', `${drill.definition} is gone from the state bucket`);
  const results = (await state.get<VerificationResults>(keys.results(drill.id)))?.value ?? null;

  const judged = { definition: definition.value, state: facts, results };
  const judgement = judge(judged);
  const evidence = await appendToChain(s3, evidenceStore, drill, (sequence, previous) =>
    buildEvidence(judged, judgement, {
      schema: (process.env.EVIDENCE_SCHEMA ?? 'cdk-recoverable/evidence/v1') as EvidenceSchema,
      watermark: process.env.EVIDENCE_WATERMARK,
      finishedAt: now(),
      patience: { ...patience() },
      sequence,
      previous,
    }),
  );
  const pageKey = keys.page(drill.resource, evidence.sequence);
  await evidenceStore.putText(pageKey, page(evidence), 'text/html; charset=utf-8', 'absent');

  if (evidence.verdict === 'PASSED') await remember(facts, results);
  if (!drill.blockedBy) await countDrill(drill.name, drill.id);
  publish(evidence);
  note(evidence);
  await releaseLock(state, drill.resource, drill.id);
  return {
    verdict: evidence.verdict,
    summary: summary(evidence),
    key: keys.evidence(drill.resource, evidence.sequence),
    page: pageKey,
  };
}

/** The reference of the next drill: what a passed one saw, and how long its restore took. */
async function remember(facts: DrillState, results: VerificationResults | null): Promise<void> {
  const { drill, source, restore, instance, verification } = facts;
  const restoredAt = source?.files ? verification?.startedAt : instance?.availableAt;
  const last = source?.files && (await state.get<LastPassed>(keys.lastPassed(drill.resource)))?.value.profile;
  const profile = source?.files ? profileOfFiles(facts, source, last) : results?.profile;
  if (!profile || !restore || !restoredAt) return;
  await state.put(keys.lastPassed(drill.resource), {
    drillId: drill.id,
    at: drill.startedAt,
    profile,
    restoreSeconds: secondsBetween(restore.startedAt, restoredAt),
  } satisfies LastPassed);
}

/** Moves the rotation on, once per drill, however often this function is retried. A blocked drill had no turn. */
async function countDrill(name: string, drillId: string): Promise<void> {
  const key = keys.rotation(name);
  const stored = await state.get<{ drills: number; last: string }>(key);
  if (stored?.value.last === drillId) return;
  await state.put(key, { drills: (stored?.value.drills ?? 0) + 1, last: drillId });
}

/** One line for each drill, which the dashboard finds by its message: metrics of what is seldom drilled are forgotten. */
function note({ drillId, resource, verdict, source, rpo, rto, sequence }: Evidence): void {
  log.info('drill recorded', {
    ...{ drillId, resource: resource.name, verdict, source: source?.kind ?? 'none' },
    ...(rpo.achievedSeconds !== null && { achievedRpoSeconds: Math.round(rpo.achievedSeconds) }),
    ...(rto.achievedSeconds !== null && { achievedRtoSeconds: Math.round(rto.achievedSeconds) }),
    evidence: keys.page(resource.name, sequence),
  });
}

function publish(evidence: Evidence): void {
  const { rpo, rto } = evidence;
  const { site, resource } = evidence;
  if (rpo.achievedSeconds !== null) metric(site, resource.name, { AchievedRpo: [rpo.achievedSeconds, 'Seconds'] });
  if (rto.achievedSeconds !== null) metric(site, resource.name, { AchievedRto: [rto.achievedSeconds, 'Seconds'] });
  if (evidence.leftBehind.length > 0) metric(site, 'site', { Leftovers: [evidence.leftBehind.length, 'Count'] });
}
