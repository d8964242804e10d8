import type { StandardCheck } from '../drill/standard-check';
import type { StandardCheckName } from './contract/checks';

/** Does not compile when the enumeration and the contract part ways. */
export function standardCheckName(check: StandardCheck): StandardCheckName {
  const name: `${StandardCheck}` = check;
  return name;
}
