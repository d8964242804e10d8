import { PolicyNotUnderstood } from './policy';

const texts = new Map<string, RegExp>();
const ignoringCase = new Map<string, RegExp>();
const arns = new Map<string, RegExp | null>();

/** Whether a text fits a pattern with `*` (any characters) and `?` (exactly one). */
export function like(pattern: string, text: string, ignoreCase = false): boolean {
  const compiled = ignoreCase ? ignoringCase : texts;
  let expression = compiled.get(pattern);
  if (!expression) {
    expression = new RegExp(`^${sourceOf(pattern, '.')}$`, ignoreCase ? 'isu' : 'su');
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

/** ARNs are compared part by part: a wildcard does not reach over the first five colons. */
export function arnLike(pattern: string, arn: string): boolean {
  return ofArn(pattern)?.test(arn) ?? false;
}

/** Null where the pattern is not that of an ARN. */
function ofArn(pattern: string): RegExp | null {
  let expression = arns.get(pattern);
  if (expression === undefined) arns.set(pattern, (expression = compileArn(pattern)));
  return expression;
}

function compileArn(pattern: string): RegExp | null {
  const parts = split(pattern);
  if (parts.length !== 6) return null;
  const sources = parts.map((part, i) => sourceOf(part, i < 5 ? '[^:]' : '.'));
  return new RegExp(`^${sources.join(':')}$`, 'su');
}

/** @param any what one character may be */
function sourceOf(pattern: string, any: string): string {
  const characters = [...pattern].map((c) =>
    c === '*' ? `${any}*` : c === '?' ? any : c.replace(/[\\^$.+()[\]{}|/]/, '\\$&'),
  );
  return characters.join('');
}

/** Whether a Resource element covers an ARN. */
export function covers(pattern: string, resource: string): boolean {
  if (pattern === '*') {
    return true;
  }
  const expression = pattern.startsWith('arn:') ? ofArn(pattern) : null;
  if (!expression) throw new PolicyNotUnderstood(`resource '${pattern}' is neither * nor an ARN of six parts`);
  return expression.test(resource);
}

function split(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
