import type { SourceDefinition } from '../../lib/private/contract/drill';
import type { EvidenceSource } from '../../lib/private/contract/evidence';
import { copiedFrom } from './copied';
import { oneLine } from './text';

const NAMES: Record<SourceDefinition['kind'], string> = {
  'point-in-time': 'point in time',
  snapshot: 'snapshot',
  'recovery-point': 'recovery point',
  replica: 'replica',
  versions: 'versions of the bucket',
};

/** What people call a kind of recovery source. */
export function sourceName(kind: SourceDefinition['kind']): string {
  return NAMES[kind] ?? oneLine(String(kind), 40);
}

/** What people call what a drill restored from. */
export function restoredFrom({ kind, arn, resourceArn }: EvidenceSource): string {
  return `${copiedFrom(arn, resourceArn) ? 'copied ' : ''}${sourceName(kind)}`;
}
