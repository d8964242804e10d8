import { visible } from '../text';

/** Markup made by `markup`; nothing else is ever put into the page unescaped. */
export class Markup {
  private constructor(readonly text: string) {}

  /** Only for text written in this folder. */
  static ours(text: string): Markup {
    return new Markup(text);
  }
}

export type Value = string | number | Markup | null | undefined | readonly Value[];

/** Template tag that escapes every value; lists are joined, null and undefined are nothing. */
export function markup(parts: TemplateStringsArray, ...values: Value[]): Markup {
  return Markup.ours(parts.reduce((text, part, index) => text + render(values[index - 1]) + part));
}

/** Foreign text as text: markup, quotes and backticks are spelt out and unseen characters shown. */
export function escape(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function render(value: Value): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Markup) return value.text;
  return Array.isArray(value) ? value.map(render).join('') : escape(String(value));
}
