import { Token } from 'aws-cdk-lib';

/** What a user of the constructs got wrong, found at synthesis. */
export class ValidationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ValidationError';
  }
}

/** A name that rides in S3 keys, metric dimensions and messages. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

export function requireName(value: string, what: string): string {
  if (Token.isUnresolved(value) || !NAME.test(value)) {
    throw new ValidationError(
      `${what} must be 1 to 64 letters, digits, dots, hyphens or underscores and begin with a letter or digit, got: ${show(value)}`,
    );
  }
  return value;
}

/** Text that is written into a drill's definition; a deploy-time value would arrive there as a placeholder. */
export function requireText(value: string, what: string, longest: number): string {
  if (Token.isUnresolved(value)) {
    throw new ValidationError(
      `${what} must be known at synthesis, got a value known only at deployment: write the text itself`,
    );
  }
  if (typeof value !== 'string' || value.trim() === '' || value.length > longest) {
    throw new ValidationError(`${what} must be 1 to ${longest} characters, got: ${show(value)}`);
  }
  return value;
}

export function requireWhole(value: number, what: string, least: number, most: number): number {
  if (Token.isUnresolved(value) || !Number.isInteger(value) || value < least || value > most) {
    throw new ValidationError(`${what} must be a whole number from ${least} to ${most}, got: ${show(value)}`);
  }
  return value;
}

export function requireFinite(value: number, what: string): number {
  if (Token.isUnresolved(value) || typeof value !== 'number' || !Number.isFinite(value)) {
    throw new ValidationError(`${what} must be a number known at synthesis, got: ${show(value)}`);
  }
  return value;
}

/** A value as an error names it: quoted, never longer than a line. */
export function show(value: unknown): string {
  if (Token.isUnresolved(value)) return 'a value known only at deployment';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
