import type { Severity } from '../../../lib/private/contract/monitoring';
import { secondsBetween } from '../../shared/clock';
import type { Message } from './message';

/** What was told of one cause; kept in the state bucket and replaced by compare-and-swap. */
export interface Told {
  readonly cause: string;
  /** Absent: nothing is told that is not over. */
  readonly raised?: {
    readonly severity: Severity;
    readonly title: string;
    /** When people were told. */
    readonly at: string;
    /** When it was last raised, told or not; kept to the hour. */
    readonly seenAt: string;
  };
  /** Somebody is telling at this moment; past its end, that somebody has died. */
  readonly telling?: { readonly by: string; readonly until: string };
}

/** What is to be done about a message. `note`: it is told already, and that it still lasts is worth keeping. */
export type Decision = 'tell' | 'wait' | 'note' | 'nothing';

/** A cause that was told is told again after this time. */
const WINDOW_SECONDS = 86_400;
/** A cause that lasts is noted once in this time, not in every run of whoever sees it. */
const NOTED_SECONDS = 3_600;

const LOUDNESS: Record<Severity, number> = { page: 3, ticket: 2, digest: 1 };

export function decide(told: Told | undefined, message: Message, now: string): Decision {
  const { raised, telling } = told ?? {};
  const needed = message.state === 'cleared' ? raised !== undefined : !covers(raised, message, now);
  if (telling && telling.until > now) return 'wait';
  if (needed) return 'tell';
  const noted = raised && message.state === 'raised' && message.lasting;
  return noted && secondsBetween(raised.seenAt, now) >= NOTED_SECONDS ? 'note' : 'nothing';
}

/** What was told is told again when it has become louder, and when it comes again after a day. */
function covers(raised: Told['raised'], message: Message, now: string): boolean {
  if (!raised || LOUDNESS[message.severity] > LOUDNESS[raised.severity]) return false;
  return secondsBetween(message.lasting ? raised.seenAt : raised.at, now) < WINDOW_SECONDS;
}

/** What is kept once a message has been told. */
export function after(message: Message, now: string): Told {
  const { cause, severity, title, state } = message;
  return state === 'cleared' ? { cause } : { cause, raised: { severity, title, at: now, seenAt: now } };
}

/** People who were told that something is wrong are told where they were told that it is over. */
export function severityOf(told: Told | undefined, message: Message): Severity {
  return message.state === 'cleared' ? (told?.raised?.severity ?? message.severity) : message.severity;
}
