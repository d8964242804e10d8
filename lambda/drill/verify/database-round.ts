import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { InstanceFacts } from '../../../lib/private/contract/drill';
import type { VerificationPlan } from '../../../lib/private/contract/verification';
import { now, secondsBetween } from '../../shared/clock';
import { NamedError, nameOf } from '../../shared/named-error';
import type { Credentials } from '../access/credentials';
import type { QueryAnswer, QueryRequest } from '../query/contract';
import type { Progress } from './progress';

const secrets = new SecretsManagerClient();

/** The restored copy, how it is entered, and how long it may keep silent. */
export interface Copy {
  readonly instance: InstanceFacts | undefined;
  readonly secret: string;
  /** When the first round began, RFC 3339. */
  readonly startedAt: string;
  readonly silentSeconds: number;
}

/**
 * One round of questions to the restored copy.
 * @returns null while it refuses the login or does not answer: RDS applies passwords late, and instances restart
 */
export async function databaseRound(
  plan: VerificationPlan,
  progress: Progress,
  { instance, secret, startedAt, silentSeconds }: Copy,
  budgetMs: number,
  ask: (request: QueryRequest) => Promise<QueryAnswer>,
): Promise<Progress | null> {
  if (!instance?.address || !instance.port)
    throw new NamedError('InvalidInput', 'there is no restored instance to verify');
  const { address, port } = instance;
  try {
    const answer = await ask({ ...(await login(secret)), address, port, plan, cursor: progress.cursor, budgetMs });
    return {
      ...progress,
      cursor: answer.cursor,
      observations: [...progress.observations, ...answer.observations],
      answeredAt: now(),
      asked: answer.cursor === null,
    };
  } catch (error) {
    const silent = secondsBetween(progress.answeredAt ?? startedAt, now());
    if (silent < silentSeconds && (nameOf(error) === 'LoginRefused' || nameOf(error) === 'CannotConnect')) return null;
    throw error;
  }
}

async function login(secret: string): Promise<Credentials> {
  const answer = await secrets.send(new GetSecretValueCommand({ SecretId: secret }));
  return JSON.parse(answer.SecretString ?? '{}') as Credentials;
}
