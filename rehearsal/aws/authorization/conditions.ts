import { arnLike, like } from './pattern';
import { list, PolicyNotUnderstood, type Context, type Statement } from './policy';

type Compare = (wanted: string, actual: string) => boolean;

const COMPARISONS: Readonly<Record<string, Compare>> = {
  StringEquals: (wanted, actual) => wanted === actual,
  StringEqualsIgnoreCase: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
  StringLike: (wanted, actual) => like(wanted, actual),
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
};

/** Negations hold when no wanted value matches, and when the key is absent. */
const NEGATIONS: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

/** A context as conditions ask for it: IAM tells keys apart without their case. */
export type KnownContext = ReadonlyMap<string, string | readonly string[]>;

export function known(context: Context): KnownContext {
  return new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
}

/** Whether every operator and every key of a Condition holds. */
export function conditionsHold(condition: Statement['Condition'], byKey: KnownContext): boolean {
  return !condition || testsOf(condition).every((test) => test(byKey));
}

type Condition = NonNullable<Statement['Condition']>;

/** Conditions that were read before. */
const tests = new WeakMap<Condition, readonly ((byKey: KnownContext) => boolean)[]>();

/** Every operator is read before any is judged: an unknown one throws, whatever the others and the context say. */
export function testsOf(condition: Condition): readonly ((byKey: KnownContext) => boolean)[] {
  let read = tests.get(condition);
  if (!read) tests.set(condition, (read = Object.entries(condition).flatMap(([name, keys]) => readKeys(name, keys))));
  return read;
}

function readKeys(operator: string, keys: Condition[string]): ((byKey: KnownContext) => boolean)[] {
  const test = operatorOf(operator);
  return Object.entries(keys).map(([key, value]) => {
    const [name, wanted] = [key.toLowerCase(), list(value).map(String)];
    return (byKey) => test(wanted, byKey.get(name), key);
  });
}

type Test = (wanted: readonly string[], actual: string | readonly string[] | undefined, key: string) => boolean;

const operators = new Map<string, Test>();

function operatorOf(name: string): Test {
  let test = operators.get(name);
  if (!test) operators.set(name, (test = readOperator(name)));
  return test;
}

function readOperator(name: string): Test {
  const parts = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(name);
  const [, quantifier, base, ifExists] = parts ?? [];
  if (base === 'Null' && !quantifier && !ifExists) {
    return (wanted, actual) => wanted.some((value) => like(value, String(actual === undefined), true));
  }
  const negated = base !== undefined && base in NEGATIONS;
  const compare = base === undefined ? undefined : COMPARISONS[negated ? NEGATIONS[base] : base];
  if (!compare) {
    const known = [...Object.keys(COMPARISONS), ...Object.keys(NEGATIONS), 'Null'].join(', ');
    throw new PolicyNotUnderstood(`condition operator '${name}' is not known: use ${known}`);
  }
  const holds = (wanted: readonly string[], value: string) => negated !== wanted.some((one) => compare(one, value));
  return (wanted, actual, key) => {
    if (quantifier === 'ForAllValues') {
      return list(actual).every((value) => holds(wanted, value));
    }
    if (quantifier === 'ForAnyValue') {
      return actual === undefined ? ifExists !== undefined : list(actual).some((value) => holds(wanted, value));
    }
    if (actual === undefined) {
      return negated || ifExists !== undefined;
    }
    if (typeof actual !== 'string') {
      throw new PolicyNotUnderstood(`${key} has several values: ${name} needs ForAllValues: or ForAnyValue:`);
    }
    return holds(wanted, actual);
  };
}
