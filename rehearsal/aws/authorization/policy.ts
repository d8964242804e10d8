/** An IAM policy document with every CloudFormation intrinsic already resolved. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: Statement | readonly Statement[];
}

type OneOrMore = string | readonly string[];

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, OneOrMore>>;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore | boolean | number>>>>;
}

/** Condition keys and their values; a list marks a key that AWS documents as multivalued. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** A policy holds something this evaluator does not know. It never guesses: guessing could allow. */
export class PolicyNotUnderstood extends Error {
  override readonly name = 'PolicyNotUnderstood';
}

const KNOWN = new Set(['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']);

/** Documents that were read before. */
const read = new WeakMap<PolicyDocument, readonly Statement[]>();

/** The statements of a document, each of a shape that the evaluator knows. */
export function statementsOf(document: PolicyDocument): readonly Statement[] {
  let statements = read.get(document);
  if (!statements) read.set(document, (statements = readStatements(document)));
  return statements;
}

function readStatements(document: PolicyDocument): readonly Statement[] {
  const statements = list<Statement>(document.Statement);
  for (const statement of statements) {
    const unknown = Object.keys(statement).find((key) => !KNOWN.has(key));
    if (unknown) {
      throw new PolicyNotUnderstood(`statement element ${unknown} is not known: use ${[...KNOWN].join(', ')}`);
    }
    if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
      throw new PolicyNotUnderstood(`effect '${String(statement.Effect)}' is not known: use Allow or Deny`);
    }
    exactlyOne(statement, 'Action', 'NotAction');
    exactlyOne(statement, 'Resource', 'NotResource');
    for (const text of texts(statement)) {
      refuseUnresolved(text);
    }
  }
  return statements;
}

export function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function exactlyOne(statement: Statement, one: keyof Statement, other: keyof Statement): void {
  if ((statement[one] === undefined) === (statement[other] === undefined)) {
    throw new PolicyNotUnderstood(`statement ${statement.Sid ?? ''} needs exactly one of ${one} and ${other}`);
  }
}

function texts(statement: Statement): readonly unknown[] {
  return [
    ...list(statement.Action),
    ...list(statement.NotAction),
    ...list(statement.Resource),
    ...list(statement.NotResource),
    ...Object.values(statement.Condition ?? {}).flatMap((keys) => Object.values(keys).flatMap((value) => list(value))),
  ];
}

/** An intrinsic that was not resolved, or a policy variable, is not a text that can be compared. */
function refuseUnresolved(text: unknown): void {
  const comparable = typeof text === 'string' || typeof text === 'boolean' || typeof text === 'number';
  if (!comparable || String(text).includes('${')) {
    throw new PolicyNotUnderstood(`value ${JSON.stringify(text)} is not resolved text`);
  }
}
