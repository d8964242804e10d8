import { patience } from './environment';

/** Longest single wait that the last drill's duration may suggest. */
const LONGEST_WAIT_SECONDS = 600;

/** Sleeps through most of what the last restore took, then asks at every poll; never past the limit. */
export function nextWait(elapsed: number, limit: number, lastRestoreSeconds = 0): number {
  const poll = patience().poll;
  const expected = Math.min(0.8 * lastRestoreSeconds - elapsed, LONGEST_WAIT_SECONDS);
  return Math.max(1, Math.ceil(Math.min(Math.max(poll, expected), limit - elapsed + 1)));
}
