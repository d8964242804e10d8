import { InvalidParameterValueException$ } from '@aws-sdk/client-backup';
import { modelled } from '../protocol/types';

/** One page of a list, as MaxResults and NextToken ask. */
export function page<T>(all: readonly T[], { MaxResults, NextToken }: { MaxResults?: number; NextToken?: string }) {
  if (MaxResults !== undefined && !(MaxResults >= 1 && MaxResults <= 1000)) {
    throw modelled(InvalidParameterValueException$, `MaxResults must be 1 to 1000, got: ${MaxResults}`);
  }
  const start = NextToken === undefined ? 0 : Number(/^at-(\d+)$/.exec(NextToken)?.[1]);
  if (Number.isNaN(start))
    throw modelled(InvalidParameterValueException$, `NextToken is not one of ours: ${NextToken}`);
  const end = start + (MaxResults ?? 1000);
  return { items: all.slice(start, end), NextToken: end < all.length ? `at-${end}` : undefined };
}
