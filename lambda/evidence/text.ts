/** How figures, times and foreign text are written for people: in reasons, the page and the message alike. */

/**
 * Shows what a reader could not see: control, format and bidirectional characters and lone surrogates, which could
 * reorder or hide a name read from a database. A line break becomes `↵`, a tab `⇥`, the rest `⟨U+202E⟩`.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    if (character === '\n') return '↵';
    if (character === '\t') return '⇥';
    return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** Foreign text as part of a sentence: one line, visible, at most `length` characters. */
export function oneLine(text: string, length = 500): string {
  const line = visible(text.replace(/\s+/g, ' ').trim());
  const characters = [...line];
  return characters.length <= length ? line : `${characters.slice(0, length - 1).join('')}…`;
}

/** `3` of `shop/orders`: thousands separated, so that rows can be read. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 table`, `2 tables`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Seconds as a person says them: `41.2 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  const tenths = Math.round(seconds * 10) / 10;
  if (tenths < 60) return `${tenths} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return pair(whole, 60, 'min', 1, 's');
  if (whole < 86_400) return pair(whole, 3600, 'h', 60, 'min');
  return pair(whole, 86_400, 'd', 3600, 'h');
}

function pair(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`;
}

/** `2026-11-20 13:38:42.120 UTC`, without milliseconds where there are none; what is no time is shown as it came. */
export function moment(time: string): string {
  const parsed = Date.parse(time);
  if (Number.isNaN(parsed)) return oneLine(time, 60);
  return new Date(parsed)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, ' UTC');
}
