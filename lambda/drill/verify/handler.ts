import { LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
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
import { NamedError, nameOf } from '../../shared/named-error';
import { Store } from '../../shared/store';
import { conclude } from '../../verification/engine';
import type { Credentials } from '../access/credentials';
import { begin, type Progress } from './progress';
import { query } from './query';

const secrets = new SecretsManagerClient();
const lambda = new LambdaClient();
const state = new Store(required('STATE_BUCKET'));

/** What the last passed drill stored, and an exact baseline of the restored moment if somebody captured one. */
interface Knowledge {
  readonly lastPassed?: LastPassed;
  readonly baseline?: Profile;
}

/**
 * Verify: one round. The query function inside the network observes; this one, outside, keeps the cursor and what was
 * observed, and concludes when everything has been. A login that is refused or a copy that does not answer is waited for:
 * RDS applies passwords late, and instances restart.
 */
export const handler = async ({ drill, source, instance, verification }: DrillState): Promise<VerificationFacts> => {
  if (!source || !instance?.address || !instance.port)
    throw new NamedError('InvalidInput', 'there is no restored instance to verify');
  const definition = await state.get<DrillDefinition>(drill.definition);
  if (!definition) throw new NamedError('InvalidDefinition', `${drill.definition} is gone from the state bucket`);

  const startedAt = verification?.startedAt ?? now();
  const round = (verification?.round ?? 0) + 1;
  const facts = { round, startedAt, results: keys.results(drill.id) };
  const { poll, access, verify: limit, round: roundSeconds } = patience();
  if (secondsBetween(startedAt, now()) > limit) {
    throw new NamedError('VerificationTooLong', `the checks did not end within ${limit} s in ${round - 1} rounds`);
  }

  const knowledge = await recall(drill.resource, source.restorePoint);
  const plan: VerificationPlan = {
    engine: definition.value.resource.engine,
    checks: definition.value.checks,
    withoutChecks: definition.value.withoutChecks,
    restorePoint: source.restorePoint,
    content: knowledge.baseline?.tables.some((table) => table.content !== undefined) ?? false,
    seed: drill.id,
  };
  const stored = await state.get<Progress>(keys.observations(drill.id));
  const progress = stored?.value ?? begin();
  let answer;
  try {
    answer = await query(lambda, {
      ...(await login(drill.names.secret)),
      address: instance.address,
      port: instance.port,
      plan,
      cursor: progress.cursor,
      budgetMs: roundSeconds * 1000,
    });
  } catch (error) {
    const silentSeconds = secondsBetween(progress.answeredAt ?? startedAt, now());
    if (silentSeconds < access && (nameOf(error) === 'LoginRefused' || nameOf(error) === 'CannotConnect')) {
      return { ...facts, done: false, waitSeconds: poll };
    }
    throw error;
  }
  const observations = [...progress.observations, ...answer.observations];
  if (answer.cursor) {
    await state.put(keys.observations(drill.id), {
      cursor: answer.cursor,
      observations,
      answeredAt: now(),
    } satisfies Progress);
    return { ...facts, done: false, waitSeconds: 1 };
  }

  const finishedAt = now();
  const results: VerificationResults = {
    ...conclude(plan, observations, knowledge),
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

async function login(secret: string): Promise<Credentials> {
  const answer = await secrets.send(new GetSecretValueCommand({ SecretId: secret }));
  return JSON.parse(answer.SecretString ?? '{}') as Credentials;
}
