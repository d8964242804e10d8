import type { SampleDefinition } from './contract/files';
import { requireFinite, requireName, ValidationError } from './validation';

/** What a drill asks S3 of every object or row of a sample takes three requests. */
const MOST_OBJECTS = 50_000;
/** Rows ride in answers of a megabyte. */
const MOST_ROWS = 5_000;

export interface SampleOptions {
  readonly fraction?: number;
  readonly confidence?: number;
}

/** A sample that is neither too small to say anything nor too large to be looked at. */
export function renderSample(
  { fraction = 0.01, confidence = 0.99 }: SampleOptions,
  what: string,
  of: 'objects' | 'rows',
): Exclude<SampleDefinition, { readonly every: true }> {
  if (!(requireFinite(fraction, `the fraction of ${what}`) > 0 && fraction <= 0.5)) {
    throw new ValidationError(`the fraction of ${what} must be above 0 and at most 0.5, got: ${fraction}`);
  }
  if (!(requireFinite(confidence, `the confidence of ${what}`) >= 0.5 && confidence <= 0.9999)) {
    throw new ValidationError(`the confidence of ${what} must be from 0.5 to 0.9999, got: ${confidence}`);
  }
  const size = Math.ceil(Math.log1p(-confidence) / Math.log1p(-fraction));
  const most = of === 'rows' ? MOST_ROWS : MOST_OBJECTS;
  if (size > most) {
    const instead = of === 'rows' ? 'take a larger fraction' : 'take a larger fraction, or everyObject';
    throw new ValidationError(
      `${what} would look at ${size} ${of} to find a fraction of ${fraction} with a confidence of ${confidence}, ${most} at most: ${instead}`,
    );
  }
  return { fraction, confidence };
}

export function fileCheckId(id: string | undefined, usual: string, what: string): string {
  return id === undefined ? usual : requireName(id, `the id of ${what}`);
}
