import { LambdaClient } from '@aws-sdk/client-lambda';
import type { DrillDefinition, DrillState, VerificationFacts } from '../../../lib/private/contract/drill';
import type {
  LastPassed,
  Profile,
  VerificationPlan,
  VerificationResults,
} from '../../../lib/private/contract/verification';
import { now, secondsBetween } from '../../shared/clock';
import { patience, required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { NamedError } from '../../shared/named-error';
import { Store } from '../../shared/store';
import { conclude } from '../../verification/engine';
import { databaseRound } from './database-round';
import { filesRound, giveUp, remaining } from './files-round';
import { files, query } from './invoke';
import { begin, type Progress } from './progress';
import type { Restored } from '../restore/files/restored';
import { restoredCheck } from './restored-check';

const lambda = new LambdaClient();
const state = new Store(required('STATE_BUCKET'));

/** What the last passed drill stored, and an exact baseline of the restored moment if somebody captured one. */
interface Knowledge {
  readonly lastPassed?: LastPassed;
  readonly baseline?: Profile;
}

/**
 * Verify: one round. The query function inside the network observes the database first, where one was restored; then the
 * files function looks at buckets. This one, outside, keeps the cursors and what was observed, and concludes when
 * everything has been.
 */
export const handler = async ({ drill, source, instance, verification }: DrillState): Promise<VerificationFacts> => {
  if (!source) throw new NamedError('InvalidInput', 'it is not known what was restored');
  const definition = await state.get<DrillDefinition>(drill.definition);
  if (!definition) throw new NamedError('InvalidDefinition', `${drill.definition} is gone from the state bucket`);

  const startedAt = verification?.startedAt ?? now();
  const round = (verification?.round ?? 0) + 1;
  const facts = { round, startedAt, results: keys.results(drill.id) };
  const { poll, access, verify: limit, round: roundSeconds } = patience();
  const isLate = secondsBetween(startedAt, now()) > limit;

  const knowledge = await recall(drill.resource, source.restorePoint);
  const plan: VerificationPlan = {
    engine: definition.value.resource.engine,
    checks: definition.value.checks,
    withoutChecks: definition.value.withoutChecks,
    restorePoint: source.restorePoint,
    content: knowledge.baseline?.tables.some((table) => table.content !== undefined) ?? false,
    seed: drill.id,
  };
  let progress = (await state.get<Progress>(keys.observations(drill.id)))?.value ?? begin();
  const goOn = async (waitSeconds: number): Promise<VerificationFacts> => {
    await state.put(keys.observations(drill.id), progress);
    return { ...facts, done: false, waitSeconds };
  };
  if (plan.engine !== 's3' && !progress.asked) {
    if (isLate)
      throw new NamedError('VerificationTooLong', `the checks did not end within ${limit} s in ${round - 1} rounds`);
    const copy = { instance, secret: drill.names.secret, startedAt, silentSeconds: access };
    const asked = await databaseRound(plan, progress, copy, roundSeconds * 1000, (request) => query(lambda, request));
    if (!asked) return { ...facts, done: false, waitSeconds: poll };
    progress = asked;
    if (!progress.asked || remaining(plan, progress)) return goOn(1);
  } else if (!isLate && remaining(plan, progress)) {
    const looked = await filesRound(plan, progress, roundSeconds * 1000, (request) => files(lambda, request));
    progress = looked.progress;
    if (remaining(plan, progress)) return goOn(looked.trouble === undefined ? 1 : poll);
  }

  const finishedAt = now();
  const restored = source.files && (await state.get<Restored>(keys.restoredFiles(drill.id)));
  const concluded = conclude(plan, isLate ? giveUp(progress, limit) : progress.observations, knowledge);
  const results: VerificationResults = {
    ...concluded,
    checks: [
      ...(restored ? [restoredCheck(restored.value, source, knowledge.lastPassed?.profile)] : []),
      ...concluded.checks,
    ],
    reference: { profileOf: knowledge.lastPassed?.drillId, baselineAt: knowledge.baseline?.capturedAt },
    startedAt,
    finishedAt,
    rounds: round,
  };
  await state.put(facts.results, results);
  return { ...facts, done: true, waitSeconds: 0, finishedAt };
};

async function recall(resource: string, restorePoint: string): Promise<Knowledge> {
  const lastPassed = await state.get<LastPassed>(keys.lastPassed(resource));
  const baseline = await state.get<Profile>(keys.baseline(resource, restorePoint));
  return { ...(lastPassed && { lastPassed: lastPassed.value }), ...(baseline && { baseline: baseline.value }) };
}
