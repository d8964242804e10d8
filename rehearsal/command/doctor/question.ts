import { nameOf } from '../../../lambda/shared/named-error';
import { Denied, isUnusable } from './aws';
import type { Look } from './look';
import type { Answer } from './report';

/** One thing that only a real account can show, and how it is asked. Never changes anything. */
export interface Question {
  readonly id: string;
  /** What is supposed to be so. */
  readonly asks: string;
  /** No answer at all: there is nothing to ask it of. */
  readonly ask: (look: Look) => Promise<readonly Answer[]>;
}

export function confirmed(found: string, about?: string): Answer {
  return { answer: 'confirmed', ...(about !== undefined && { about }), found };
}

export function refuted(
  found: string,
  { means, nextStep, about }: Omit<Required<Answer>, 'answer' | 'found' | 'about'> & { about?: string },
): Answer {
  return { answer: 'refuted', ...(about !== undefined && { about }), found, means, nextStep };
}

export function unknown(found: string, about?: string, nextStep?: string): Answer {
  return {
    answer: 'unknown',
    ...(about !== undefined && { about }),
    found,
    ...(nextStep !== undefined && { nextStep }),
  };
}

/** What cannot be asked of one keeps nobody from asking it of the next. */
export async function each<T>(
  all: readonly T[],
  about: (one: T) => string,
  ask: (one: T) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const one of all) {
    try {
      answers.push(await ask(one));
    } catch (error) {
      answers.push({ ...notAsked(error), about: about(one) });
    }
  }
  return answers;
}

/** Why there is no answer, in words. What is wrong with the call itself is thrown on. */
export function notAsked(error: unknown): Answer {
  if (isUnusable(error)) throw error;
  if (error instanceof Denied) {
    return unknown(
      `Whoever asks may not: ${error.action} is denied.`,
      undefined,
      `Allow ${error.action}; examples/doctor/role-policy.json has every right that the doctor takes.`,
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  return unknown(`AWS answered ${nameOf(error)}: ${message}`, undefined, 'Ask again.');
}
