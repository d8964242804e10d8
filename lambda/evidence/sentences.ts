import type { CheckResult } from '../../lib/private/contract/checks';
import { oneLine } from './text';

/** A check whose answer shows damage. */
export function failedCheck(result: CheckResult): string {
  return `Check ${oneLine(result.id, 200)} failed: expected ${said(result.expected)}; observed ${said(result.observed)}.`;
}

/** A check that was not answered, and the right to give if that would help. */
export function unansweredCheck(result: CheckResult): string {
  const word = result.status === 'skipped' ? 'was skipped without being left out in the plan' : 'could not be answered';
  const grant = result.grant ? ` Run on the source: ${oneLine(result.grant)}` : '';
  return `Check ${oneLine(result.id, 200)} ${word}: ${said(result.observed)}.${grant}`;
}

/** A foreign sentence inside ours, without its own full stop. */
function said(text: string): string {
  return oneLine(text).replace(/\.$/, '');
}
