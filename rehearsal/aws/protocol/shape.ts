import { NormalizedSchema } from '@smithy/core/schema';
import { AnswerRefused } from './types';

export type Shape = NormalizedSchema;

/** Why a request cannot be read; each protocol says it in its own error code. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';

  constructor(
    readonly kind: 'unknown' | 'type' | 'missing',
    readonly path: string,
    message: string,
  ) {
    super(message);
  }
}

export function shapeOf(schema: unknown): Shape {
  return NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0]);
}

export function isUnit(shape: Shape): boolean {
  return shape.isUnitSchema();
}

/** Members of a structure that AWS requires: the SDK lists them first and says how many they are. */
export function requiredMembers(shape: Shape): readonly string[] {
  const schema = shape.getSchema() as unknown;
  if (!Array.isArray(schema)) {
    return [];
  }
  const [names, count] = [schema[4] as string[], (schema[6] as number | undefined) ?? 0];
  return names.slice(0, count);
}

/** Throws Unreadable when a structure, or one within it, lacks what AWS requires. */
export function requireMembers(shape: Shape, value: unknown, path = ''): void {
  if (value === undefined || value === null) {
    return;
  }
  if (shape.isStructSchema()) {
    const record = value as Record<string, unknown>;
    for (const name of requiredMembers(shape)) {
      if (record[name] === undefined || record[name] === null) {
        throw new Unreadable('missing', join(path, name), `${join(path, name)} is required`);
      }
    }
    for (const [name, member] of shape.structIterator()) {
      requireMembers(member, record[name], join(path, name));
    }
  } else if (shape.isListSchema()) {
    (value as unknown[]).forEach((item, i) => requireMembers(shape.getValueSchema(), item, `${path}[${i}]`));
  }
}

export function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}

type Checker = (value: unknown, path: string) => void;

/** By schema: an answer with a thousand items asks for the same few shapes again and again. */
const checkers = new Map<unknown, Checker>();

/** Refuses an answer whose members or types the schema does not know. */
export function checkAnswer(shape: Shape, value: unknown, path: string): void {
  if (value === undefined || value === null) return;
  const schema = shape.getSchema() as unknown;
  let check = checkers.get(schema);
  if (!check) checkers.set(schema, (check = checkerOf(shape)));
  check(value, path);
}

function checkerOf(shape: Shape): Checker {
  if (shape.isStructSchema()) return structureChecker(shape);
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    return (value, path) => {
      refuseUnless(Array.isArray(value), path, 'a list', value);
      (value as unknown[]).forEach((one, i) => checkAnswer(item, one, `${path}[${i}]`));
    };
  }
  if (shape.isMapSchema()) {
    const item = shape.getValueSchema();
    return (value, path) => {
      refuseUnless(typeof value === 'object' && !Array.isArray(value), path, 'a map', value);
      for (const [key, one] of Object.entries(value as object)) checkAnswer(item, one, `${path}[${key}]`);
    };
  }
  const [allowed, fits] = scalarRule(shape);
  return (value, path) => refuseUnless(fits(value), path, allowed, value);
}

function structureChecker(shape: Shape): Checker {
  const members = shape.getMemberSchemas();
  return (value, path) => {
    refuseUnless(typeof value === 'object' && !Array.isArray(value), path, 'a structure', value);
    for (const [name, item] of Object.entries(value as object)) {
      if (!(name in members)) {
        throw new AnswerRefused(`${path} has no member ${name}: AWS knows ${Object.keys(members).join(', ')}`);
      }
      checkAnswer(members[name], item, `${path}.${name}`);
    }
  };
}

function scalarRule(shape: Shape): [string, (value: unknown) => boolean] {
  if (shape.isStringSchema()) return ['a string', (value) => typeof value === 'string'];
  if (shape.isBooleanSchema()) return ['a boolean', (value) => typeof value === 'boolean'];
  if (shape.isNumericSchema())
    return ['a finite number', (value) => typeof value === 'number' && Number.isFinite(value)];
  if (shape.isTimestampSchema()) {
    return ['a valid date', (value) => value instanceof Date && !Number.isNaN(value.getTime())];
  }
  if (shape.isBlobSchema()) return ['bytes', (value) => value instanceof Uint8Array];
  const document = shape.isDocumentSchema();
  return ['a value of a kind the rehearsal knows', () => document];
}

function refuseUnless(fits: boolean, path: string, allowed: string, value: unknown): void {
  if (!fits) {
    const given = value instanceof Date ? 'an invalid date' : `${typeof value} ${String(value).slice(0, 80)}`;
    throw new AnswerRefused(`${path} must be ${allowed}, not ${given}`);
  }
}
