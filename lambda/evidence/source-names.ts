import type { SourceDefinition } from '../../lib/private/contract/drill';
import { oneLine } from './text';

const NAMES: Record<SourceDefinition['kind'], string> = {
  'point-in-time': 'point in time',
  snapshot: 'snapshot',
  'recovery-point': 'recovery point',
};

/** What people call a kind of recovery source. */
export function sourceName(kind: SourceDefinition['kind']): string {
  return NAMES[kind] ?? oneLine(String(kind), 40);
}
