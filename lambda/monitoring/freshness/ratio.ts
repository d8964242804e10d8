/** Also what a source counts from which nothing can be restored, whatever its age. */
export const WORST_RATIO = 100;

/** Age over allowed age: above 1 a promise is broken. */
export function ratioOf(ageSeconds: number, allowedSeconds: number): number {
  const ratio = ageSeconds / allowedSeconds;
  // Nothing allowed, or what is no number, is no reason to fall silent.
  return ratio >= 0 ? Math.min(ratio, WORST_RATIO) : WORST_RATIO;
}
