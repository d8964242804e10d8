import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import schema from '../../../assets/schemas/rehearsal-evidence-v1.schema.json';
import type { Progress } from '../../../rehearsal/rehearse/phases';

export const silent: Progress = { begin() {}, detail() {}, failed() {} };

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
addFormats(ajv);
const validate = ajv.compile(schema);

/** What is wrong with a rehearsal's evidence against its schema; empty when nothing is. */
export function validEvidence(json: string): unknown[] {
  return validate(JSON.parse(json)) ? [] : (validate.errors ?? []);
}
