import type { Evidence } from '../../../lib/private/contract/evidence';
import { filesLost } from '../../../lambda/evidence/files';
import type { FilesResult } from '../../../lib/private/contract/files';
import type { RehearsalOutcome } from '../../rehearse/rehearse';
import { printable } from '../printable';

const SYMBOL: Record<Evidence['verdict'], string> = { PASSED: '✔', FAILED: '✖', INCONCLUSIVE: '?' };

/** The end of a rehearsal in a terminal: verdict, why, the two figures against their objectives, where the evidence is. */
export function report({ evidence, files }: RehearsalOutcome): string {
  const { verdict, reasons, rpo, rto } = evidence;
  return [
    '',
    `${SYMBOL[verdict]} ${verdict}`,
    ...reasons.map((reason) => `  ${printable(reason)}`),
    '',
    figure('RPO', rpo.achievedSeconds, rpo.objectiveSeconds, rpo.explanation),
    figure('RTO', rto.achievedSeconds, rto.objectiveSeconds, rto.explanation),
    ...(evidence.files ?? []).map((one) => ofFiles(one, filesLost(one, evidence.disasterAt))),
    ...(evidence.leftBehind.length > 0
      ? ['', `Left behind: ${evidence.leftBehind.map(({ kind, identifier }) => `${kind} ${identifier}`).join(', ')}`]
      : []),
    '',
    `Evidence  ${files.json}`,
    `Page      ${files.page}`,
  ].join('\n');
}

function figure(name: string, achieved: number | null, objective: number, explanation: string): string {
  const value = achieved === null ? 'not measured' : seconds(achieved);
  return `${name}  ${value.padStart(12)}  objective ${seconds(objective)}  ${printable(explanation)}`;
}

/** Files have an RPO of their own: what a replica lacks, no restored database brings back. */
function ofFiles({ bucket, statement }: FilesResult, lost: number | null): string {
  const value = lost === null ? 'not measured' : seconds(lost);
  return `Files${value.padStart(12)}  ${printable(bucket)}: ${printable(statement)}`;
}

function seconds(value: number): string {
  if (value < 120) return `${value.toFixed(1)} s`;
  if (value < 7200) return `${(value / 60).toFixed(1)} min`;
  return value < 172_800 ? `${(value / 3600).toFixed(1)} h` : `${(value / 86_400).toFixed(1)} days`;
}
