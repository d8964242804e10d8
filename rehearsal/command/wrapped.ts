/** What a pipe gets is for machines and logs: one line each. */
const UNWRAPPED = Infinity;

/**
 * Sentences in lines that fit the terminal, each under the one before. A command stays in one line, however long: broken, it
 * could not be copied.
 */
export function wrapped(text: string, indent = '', width = process.stdout.columns ?? UNWRAPPED): string {
  if (text.length <= width || /`[^`]*\s[^`]*`/.test(text)) return text;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S)\s+/)) {
    if (line.trim() !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}
