import type { Phase } from '../../lib/private/contract/evidence';
import { secondsBetween } from '../shared/clock';
import type { Facts } from './facts';
import { requiredPassed } from './required';

/** Achieved recovery time, measured but not compared: that is the judge's. */
export interface RtoMeasurement {
  readonly achievedSeconds: number | null;
  /** How it was measured, or why not: a sentence. */
  readonly how: string;
  /** What was gone through, without gaps; also of a recovery that never ended. */
  readonly phases: readonly Phase[];
}

/** From Restore's start to the last required check passed. Recovered means checks passed, not status available. */
export function measureRto(facts: Facts): RtoMeasurement {
  const { restore, verification } = facts.state;
  const passed = verification?.done ? requiredPassed(facts) : null;
  const ends = passed?.map((result) => result.finishedAt) ?? [];
  const recoveredAt = latest(ends);
  const phases = phasesOf(facts, recoveredAt ?? facts.results?.finishedAt);
  if (!restore) return { achievedSeconds: null, how: 'nothing was restored', phases };
  if (!passed)
    return { achievedSeconds: null, how: 'the recovery never got as far as every required check passed', phases };
  const achieved = recoveredAt === undefined ? Number.NaN : secondsBetween(restore.startedAt, recoveredAt);
  if (!(achieved >= 0))
    return { achievedSeconds: null, how: 'a check carries no valid time after the start of the restore', phases };
  return { achievedSeconds: achieved, how: 'from the start of the restore to the last required check passed', phases };
}

function latest(times: readonly string[]): string | undefined {
  const parsed = times.map((time) => Date.parse(time));
  if (parsed.length === 0 || parsed.some(Number.isNaN)) return undefined;
  return times[parsed.indexOf(Math.max(...parsed))];
}

/** Files are read as they are restored: where that is the last check, the recovery has ended before the next state began. */
function filesRestoredAt({ verification }: Facts['state'], endedAt: string | undefined): string | undefined {
  const begun = verification?.startedAt;
  return begun !== undefined && endedAt !== undefined && endedAt < begun ? endedAt : begun;
}

/** Each begins where the one before ended, so that the bars add up to the figure. */
function phasesOf({ state }: Facts, endedAt: string | undefined): Phase[] {
  const marks: [string, string | undefined][] = [
    ['Restore', state.source?.files ? filesRestoredAt(state, endedAt) : state.instance?.availableAt],
    ...(state.source?.files ? [] : [['Open access', state.access?.openedAt] as [string, string | undefined]]),
    ['Verify', state.verification ? endedAt : undefined],
  ];
  const phases: Phase[] = [];
  let startedAt = state.restore?.startedAt;
  for (const [name, finishedAt] of marks) {
    if (startedAt === undefined || finishedAt === undefined) break;
    const seconds = secondsBetween(startedAt, finishedAt);
    if (!(seconds >= 0)) break;
    phases.push({ name, startedAt, finishedAt, seconds });
    startedAt = finishedAt;
  }
  return phases;
}
