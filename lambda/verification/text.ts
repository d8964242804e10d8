const LONGEST = 1_000;

/**
 * Text that came out of a database, made fit for a sentence: at most 1,000 characters (or `longest`), with every control,
 * format (bidirectional marks among them) and broken character replaced. Markup is the page's business, not ours.
 */
export function plain(text: string, longest = LONGEST): string {
  const safe = text.slice(0, longest * 2 + 2).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
  const characters = [...safe];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : safe;
}

/** A value as a person would quote it. */
export function quoted(text: string, longest = 200): string {
  return `"${plain(text, longest)}"`;
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 table`, `2 tables`. */
export function count(value: number, noun: string, plural = `${noun}s`): string {
  return `${number(value)} ${value === 1 ? noun : plural}`;
}

/** As many items as fit into a sentence, and how many were left out. */
export function list(items: readonly string[], longest = 700): string {
  const shown: string[] = [];
  let length = 0;
  for (const item of items) {
    length += item.length + 2;
    if (shown.length > 0 && length > longest) break;
    shown.push(item);
  }
  const left = items.length - shown.length;
  return shown.join(', ') + (left > 0 ? ` and ${number(left)} more` : '');
}
