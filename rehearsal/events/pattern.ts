/** A pattern of an EventBridge rule, ready to be held against events. */
export type Matches = (event: unknown) => boolean;

type Leaf = (value: unknown) => boolean;

/**
 * Reads a pattern as EventBridge does. What is not known here is refused, matched or not: a pattern must not seem to work because
 * its rehearsal skips what it says.
 */
export function readPattern(pattern: unknown): Matches {
  if (!isRecord(pattern) || Object.keys(pattern).length === 0)
    throw refused('a pattern is an object with a field', pattern);
  const fields = Object.entries(pattern).map(([key, wanted]) => (key === '$or' ? anyOf(wanted) : field(key, wanted)));
  return (event) => fields.every((matches) => matches(event));
}

function anyOf(patterns: unknown): Matches {
  if (!Array.isArray(patterns) || patterns.length < 2) throw refused('$or takes two patterns or more', patterns);
  const read = patterns.map(readPattern);
  return (event) => read.some((matches) => matches(event));
}

function field(key: string, wanted: unknown): Matches {
  if (Array.isArray(wanted)) {
    if (wanted.length === 0) throw refused(`${key} names no value`, wanted);
    const leaves = wanted.map(leafOf);
    return (event) => {
      const values = leavesOf(valueOf(event, key));
      return leaves.some((leaf) => (values.length === 0 ? leaf(ABSENT) : values.some(leaf)));
    };
  }
  if (!isRecord(wanted)) throw refused(`values of ${key} are given in a list`, wanted);
  const inner = readPattern(wanted);
  return (event) => {
    const value = valueOf(event, key);
    // What is missing may still match: a pattern can ask that something does not exist.
    return Array.isArray(value) ? value.some(inner) : inner(value);
  };
}

/** Stands for a field that is not there: nothing but `exists: false` matches it. */
const ABSENT = Symbol('absent');

/** Values are compared one by one; an object is none, nor is an empty list. */
function leavesOf(value: unknown): unknown[] {
  if (value === undefined || isRecord(value)) return [];
  return Array.isArray(value) ? value.flatMap(leavesOf) : [value];
}

function valueOf(event: unknown, key: string): unknown {
  return isRecord(event) && Object.hasOwn(event, key) ? event[key] : undefined;
}

function leafOf(wanted: unknown): Leaf {
  if (isRecord(wanted)) return operator(wanted);
  if (wanted === null || ['string', 'number', 'boolean'].includes(typeof wanted)) return (value) => value === wanted;
  throw refused('a value is text, a number, true, false or null', wanted);
}

function operator(wanted: Record<string, unknown>): Leaf {
  const [[name, operand], ...more] = Object.entries(wanted);
  const read = OPERATORS[name];
  if (!read || more.length > 0) throw refused('this operator is not rehearsed', wanted);
  return read(operand);
}

const OPERATORS: Readonly<Record<string, (operand: unknown) => Leaf>> = {
  exists: (operand) => {
    if (typeof operand !== 'boolean') throw refused('exists takes true or false', operand);
    return (value) => (value !== ABSENT) === operand;
  },
  prefix: (operand) => ofText(operand, (wanted) => (text) => text.startsWith(wanted)),
  suffix: (operand) => ofText(operand, (wanted) => (text) => text.endsWith(wanted)),
  wildcard: (operand) => ofText(operand, wildcard),
  'equals-ignore-case': (operand) => ofText(operand, (wanted) => (text) => text.toLowerCase() === wanted.toLowerCase()),
  'anything-but': (operand) => {
    const leaves = (Array.isArray(operand) ? operand : [operand]).map(butOf);
    if (leaves.length === 0) throw refused('anything-but takes a value', operand);
    return (value) => value !== ABSENT && !leaves.some((leaf) => leaf(value));
  },
  numeric,
};

/** What `anything-but` may turn round: values, and the operators on text. */
function butOf(wanted: unknown): Leaf {
  if (isRecord(wanted) && !['prefix', 'suffix', 'wildcard', 'equals-ignore-case'].includes(Object.keys(wanted)[0])) {
    throw refused('anything-but does not take this operator', wanted);
  }
  return leafOf(wanted);
}

function ofText(operand: unknown, read: (wanted: string) => (text: string) => boolean): Leaf {
  const all: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (!all.every((one) => typeof one === 'string' && one !== ''))
    throw refused('an operator on text takes text', operand);
  const each = all.map((one) => read(one as string));
  return (value) => typeof value === 'string' && each.some((matches) => matches(value));
}

/** `*` stands for any text; a backslash takes the meaning from what follows. */
function wildcard(wanted: string): (text: string) => boolean {
  if (wanted.includes('**')) throw refused('a wildcard holds no two stars in a row', wanted);
  const parts = wanted.match(/\\[\\*]|[^]/g) ?? [];
  const source = parts.map((part) => (part === '*' ? '[^]*' : literal(part.length > 1 ? part[1] : part)));
  const whole = new RegExp(`^${source.join('')}$`);
  return (text) => whole.test(text);
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
}

function numeric(operand: unknown): Leaf {
  const terms: unknown[] = Array.isArray(operand) ? operand : [];
  const comparisons: ((value: number) => boolean)[] = [];
  for (let at = 0; at < terms.length; at += 2) {
    const [sign, bound] = [terms[at], terms[at + 1]];
    const compare = COMPARISONS[String(sign)];
    if (!compare || typeof bound !== 'number') throw refused('numeric takes signs and numbers', operand);
    comparisons.push((value) => compare(value, bound));
  }
  if (comparisons.length === 0) throw refused('numeric takes signs and numbers', operand);
  return (value) => typeof value === 'number' && comparisons.every((holds) => holds(value));
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(why: string, what: unknown): Error {
  return new Error(`event pattern: ${why}, got ${JSON.stringify(what)}`);
}
