import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

/** Fails unless a value, as its JSON says it, fits a schema that ships. */
export function expectToFit(name: string, value: unknown): void {
  const file = path.resolve(__dirname, '../../../assets/schemas', name);
  const ajv = addFormats(new Ajv({ allErrors: true, strict: true }));
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  validate(JSON.parse(JSON.stringify(value)));
  expect(validate.errors ?? []).toEqual([]);
}
