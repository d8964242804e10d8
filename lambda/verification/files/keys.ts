import { hash } from 'node:crypto';

/** Hexadecimal digits of a key's place in the order of a seed: 48 bits, so that no two of a billion keys are likely alike. */
export const PLACE_DIGITS = 12;

/** The seed of one check of a drill, so that two checks do not look at the same objects. Hexadecimal. */
export function seedFor(drillSeed: string, check: string): string {
  return hash('sha256', `${drillSeed}\0${check}`).slice(0, 16);
}

/**
 * Where a key is in the order that a seed makes: even and random whatever the keys are, so that the keys with the lowest
 * places are a random sample, whichever order they are met in and however bad ones cluster.
 */
export function placeOf(seed: string, key: string): string {
  return hash('sha256', `${seed}\0${key}`).slice(0, PLACE_DIGITS);
}

/** A key as evidence shows it: keys may hold personal data, and whoever has the key can find it again. */
export function hiddenKey(key: string): string {
  return hash('sha256', key).slice(0, 16);
}

/** The order in which S3 lists keys: by their UTF-8 bytes, which is that of code points, and not that of JavaScript. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return aboveSurrogates(left) - aboveSurrogates(right);
  }
  return a.length - b.length;
}

/** Halves of characters beyond 0xFFFF are numbered below 0xE000 and belong above 0xFFFF. */
function aboveSurrogates(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
