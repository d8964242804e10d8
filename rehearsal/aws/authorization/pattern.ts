import { PolicyNotUnderstood } from './policy';

const compiled = new Map<string, RegExp>();

/** Whether a text fits a pattern with `*` (any characters) and `?` (exactly one). */
export function like(pattern: string, text: string, ignoreCase = false): boolean {
  const key = `${ignoreCase}:${pattern}`;
  let expression = compiled.get(key);
  if (!expression) {
    const source = [...pattern].map((c) =>
      c === '*' ? '.*' : c === '?' ? '.' : c.replace(/[\\^$.+()[\]{}|/]/, '\\$&'),
    );
    expression = new RegExp(`^${source.join('')}$`, ignoreCase ? 'isu' : 'su');
    compiled.set(key, expression);
  }
  return expression.test(text);
}

/** ARNs are compared part by part: a wildcard does not reach over the first five colons. */
export function arnLike(pattern: string, arn: string): boolean {
  const [patternParts, parts] = [split(pattern), split(arn)];
  if (patternParts.length !== 6 || parts.length !== 6) {
    return false;
  }
  return patternParts.every((part, i) => like(part, parts[i]));
}

/** Whether a Resource element covers an ARN. */
export function covers(pattern: string, resource: string): boolean {
  if (pattern === '*') {
    return true;
  }
  if (!pattern.startsWith('arn:') || split(pattern).length !== 6) {
    throw new PolicyNotUnderstood(`resource '${pattern}' is neither * nor an ARN of six parts`);
  }
  return arnLike(pattern, resource);
}

function split(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
