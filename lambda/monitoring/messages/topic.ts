import type { DrillDefinition } from '../../../lib/private/contract/drill';
import type { Severity } from '../../../lib/private/contract/monitoring';

export type AlertTopics = DrillDefinition['alerts'];

/** The topic of a severity. Nothing that matters falls silent for want of its own topic, and no digest ever pages. */
export function topicFor(severity: Severity, { page, ticket, digest }: AlertTopics): string | undefined {
  if (severity === 'page') return page ?? ticket ?? digest;
  if (severity === 'ticket') return ticket ?? digest ?? page;
  return digest ?? ticket;
}

/** The same topics are the same people. */
export function audienceKey({ page, ticket, digest }: AlertTopics): string {
  return JSON.stringify([page, ticket, digest]);
}
