import { NamedError } from './named-error';

/** The value of an environment variable that the site always sets. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new NamedError('MissingEnvironment', `environment variable ${name} is not set; deploy the site again`);
  return value;
}

/** A number of seconds in an environment variable that the site always sets. */
export function seconds(name: string): number {
  const value = Number(required(name));
  if (!(value > 0)) {
    throw new NamedError(
      'MissingEnvironment',
      `${name} must be a positive number of seconds, got ${process.env[name]}`,
    );
  }
  return value;
}

/** Every wait and patience of a drill, in seconds. The site sets them; a rehearsal sets smaller ones. */
export interface Patience {
  /** Between two questions about the same thing. */
  readonly poll: number;
  /** For a restore to become available, where the RTO objective is longer still. */
  readonly available: number;
  /** For the new password to work. */
  readonly access: number;
  /** Everything must stay absent this long before it counts as gone. */
  readonly gone: number;
  /** For everything to be gone. */
  readonly teardown: number;
  /** For all rounds of checks together. */
  readonly verify: number;
  /** One round of checks. */
  readonly round: number;
  /** From a drill's start until the sweeper may remove what it made. */
  readonly ttl: number;
}

const NAMES: readonly (keyof Patience)[] = [
  'poll',
  'available',
  'access',
  'gone',
  'teardown',
  'verify',
  'round',
  'ttl',
];

/** Reads PATIENCE; every value must be a positive number, since a missing one would wait forever or not at all. */
export function patience(): Patience {
  const values = JSON.parse(required('PATIENCE')) as Record<string, unknown>;
  for (const name of NAMES) {
    const value = values[name];
    if (typeof value !== 'number' || !(value > 0)) {
      throw new NamedError(
        'MissingEnvironment',
        `PATIENCE.${name} must be a positive number of seconds, got ${String(value)}`,
      );
    }
  }
  return values as unknown as Patience;
}
