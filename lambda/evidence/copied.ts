import { oneLine } from './text';

/** The Region, and where it is another one the account, that a recovery point was copied from. */
export interface CopiedFrom {
  /** As a sentence names it. */
  readonly place: string;
  /** The Region that the copy is in. */
  readonly to: string;
}

/**
 * Recovery points keep the ARN of the instance that they are of: where that is elsewhere, they were copied. The ARN of a bucket
 * names no place, and what is taken of buckets is not copied.
 */
export function copiedFrom(arn: string, resourceArn: string | undefined): CopiedFrom | undefined {
  if (resourceArn === undefined) return undefined;
  const [, , , region = '', account = ''] = resourceArn.split(':');
  const [, , , to = '', into = ''] = arn.split(':');
  if (region === '' || (region === to && account === into)) return undefined;
  const place = account === into ? region : `${region} of account ${account}`;
  return { place: oneLine(place, 60), to: oneLine(to, 40) };
}
