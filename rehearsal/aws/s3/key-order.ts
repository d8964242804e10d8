/** The order in which S3 lists keys: by their UTF-8 bytes. Compared without encoding them, since a bucket holds a million. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for characters that come after all those of one unit. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** The order of JavaScript, which is the same for keys without surrogates and what comes after them. */
export function compareUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Behind every key that begins so. */
export function behind(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}
