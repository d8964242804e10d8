/** One line of printable text, whatever was in it: no name from AWS can add a line to a message. */
export function line(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** At most so many characters, never half of one. */
export function cut(text: string, longest: number, end = '…'): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - end.length).replace(/[\uD800-\uDBFF]$/u, '')}${end}`;
}

/** Names come from people: none of them mentions a channel or makes a link in a chat. */
export function plain(text: string): string {
  return text.replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** A moment as people read it, to the minute and in UTC; what is none stays as it is. */
export function when(time: string): string {
  const moment = new Date(time);
  if (Number.isNaN(moment.getTime())) return line(time);
  return `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A length of time as people say it, to its two largest units: `26 hours`, `2 days 3 hours`, `15 minutes`, `40 seconds`. */
export function span(seconds: number): string {
  if (seconds < 59.5) return amount(Math.max(0, Math.round(seconds)), 'second');
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return amount(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  if (hours < 72) return joined(amount(hours, 'hour'), minutes % 60, 'minute', hours < 6);
  return joined(amount(Math.floor(hours / 24), 'day'), hours % 24, 'hour', hours < 240);
}

function joined(whole: string, rest: number, unit: string, exact: boolean): string {
  return exact && rest > 0 ? `${whole} ${amount(rest, unit)}` : whole;
}

function amount(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
