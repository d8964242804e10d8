import { startOf } from './days';
import type { Finding, Severity } from '../../../lib/private/contract/monitoring';

/** A finding of the history, as it becomes a message. */
export interface Observed {
  readonly finding: Finding;
  /** Under 80 characters, names the resource. */
  readonly title: string;
  /** Whether it lasts until it is over, or happened at a moment. */
  readonly lasting: boolean;
}

/** Says what was observed of a resource; its cause is that of no other resource. */
export function observed(
  resource: string,
  id: string,
  severity: Severity,
  lasting: boolean,
  /** `YYYY-MM-DD` */
  since: string,
  words: { readonly title: string; readonly what: string; readonly means: string; readonly nextStep: string },
  /** Tells findings of one kind apart. */
  of = '',
): Observed {
  const { title, ...sentences } = words;
  // What happens again on another day is another cause; what lasts is one.
  const cause = ['history', id, resource, of, lasting ? '' : since].filter((part) => part !== '').join('/');
  return {
    finding: { id, severity, cause, since: startOf(since).toISOString(), ...sentences },
    title: shortened(title),
    lasting,
  };
}

function shortened(title: string): string {
  return title.length < 80 ? title : `${title.slice(0, 78)}…`;
}
