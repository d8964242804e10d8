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

/** Refuses an answer whose members or types the schema does not know. */
export function checkAnswer(shape: Shape, value: unknown, path: string): void {
  if (value === undefined || value === null) {
    return;
  }
  if (shape.isStructSchema()) {
    checkStructure(shape, value, path);
  } else if (shape.isListSchema()) {
    refuseUnless(Array.isArray(value), path, 'a list', value);
    (value as unknown[]).forEach((item, i) => checkAnswer(shape.getValueSchema(), item, `${path}[${i}]`));
  } else if (shape.isMapSchema()) {
    refuseUnless(typeof value === 'object' && !Array.isArray(value), path, 'a map', value);
    for (const [key, item] of Object.entries(value as object)) {
      checkAnswer(shape.getValueSchema(), item, `${path}[${key}]`);
    }
  } else {
    const [allowed, fits] = scalarRule(shape, value);
    refuseUnless(fits, path, allowed, value);
  }
}

function checkStructure(shape: Shape, value: unknown, path: string): void {
  refuseUnless(typeof value === 'object' && !Array.isArray(value), path, 'a structure', value);
  const members = shape.getMemberSchemas();
  for (const [name, item] of Object.entries(value as object)) {
    if (!(name in members)) {
      throw new AnswerRefused(`${path} has no member ${name}: AWS knows ${Object.keys(members).join(', ')}`);
    }
    checkAnswer(members[name], item, `${path}.${name}`);
  }
}

function scalarRule(shape: Shape, value: unknown): [string, boolean] {
  if (shape.isStringSchema()) return ['a string', typeof value === 'string'];
  if (shape.isBooleanSchema()) return ['a boolean', typeof value === 'boolean'];
  if (shape.isNumericSchema()) return ['a finite number', typeof value === 'number' && Number.isFinite(value)];
  if (shape.isTimestampSchema()) return ['a valid date', value instanceof Date && !Number.isNaN(value.getTime())];
  if (shape.isBlobSchema()) return ['bytes', value instanceof Uint8Array];
  return ['a value of a kind the rehearsal knows', shape.isDocumentSchema()];
}

function refuseUnless(fits: boolean, path: string, allowed: string, value: unknown): void {
  if (!fits) {
    const given = value instanceof Date ? 'an invalid date' : `${typeof value} ${String(value).slice(0, 80)}`;
    throw new AnswerRefused(`${path} must be ${allowed}, not ${given}`);
  }
}
