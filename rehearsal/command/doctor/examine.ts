import { now } from '../../../lambda/shared/clock';
import type { Look } from './look';
import { notAsked, unknown, type Question } from './question';
import type { Answer, Answered, DoctorReport, Verdict } from './report';

/** Asks everything, all at once: one that is slow or denied keeps none of the others. */
export async function examine(look: Look, questions: readonly Question[], account?: string): Promise<DoctorReport> {
  const answered = await Promise.all(questions.map((question) => answersOf(question, look)));
  return {
    schema: 'cdk-recoverable/doctor/v1',
    at: now(),
    region: look.aws.region,
    ...(account !== undefined && { account }),
    sites: look.sites.map(({ site }) => site),
    state: stateOf(answered.flatMap(({ answers }) => answers)),
    questions: answered,
  };
}

async function answersOf({ id, asks, ask }: Question, look: Look): Promise<Answered> {
  const answers = await ask(look).catch((error: unknown) => [notAsked(error)]);
  return { id, asks, answers: answers.length > 0 ? answers : [unknown('There is nothing here to ask it of.')] };
}

function stateOf(answers: readonly Answer[]): Verdict {
  const given = (verdict: Verdict) => answers.some(({ answer }) => answer === verdict);
  return given('refuted') ? 'refuted' : given('confirmed') ? 'confirmed' : 'unknown';
}
