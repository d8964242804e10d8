import type { Evidence } from '../../lib/private/contract/evidence';
import { restoredFrom } from './source-names';
import { duration, moment, oneLine } from './text';

/** Longest summary, characters: it rides in the machine's state and in a message. */
const LONGEST = 1000;

/** For a person who has ten seconds: what happened, from which moment, what it means for the objectives, what to do. */
export function summary(evidence: Evidence): string {
  const parts = [what(evidence), from(evidence), meaning(evidence), next(evidence)];
  const mark = evidence.watermark === undefined ? '' : `[${oneLine(evidence.watermark, 100).replace(/\.$/, '')}] `;
  return oneLine(`${mark}${parts.filter((part) => part !== '').join('; ')}.`, LONGEST);
}

function what(evidence: Evidence): string {
  const { verdict, reasons, startedAt } = evidence;
  const name = `Drill ${oneLine(evidence.drill, 120)} of ${oneLine(evidence.resource.identifier, 63)}`;
  const start = `${name}, started ${moment(startedAt)}, ${verdict}`;
  if (verdict === 'PASSED') return start;
  const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : '';
  return `${start}: ${oneLine(reasons[0] ?? 'no reason', 420).replace(/\.$/, '')}${more}`;
}

function from({ source, rto, leftBehind }: Evidence): string {
  if (!source) return leftBehind.length > 0 ? 'what was restored is not known' : 'nothing was restored';
  const name = source.kind === 'point-in-time' ? '' : ` ${oneLine(source.identifier, 100)}`;
  const kind = `${restoredFrom(source)}${name}`;
  return `${rto.phases.length > 0 ? 'restored' : 'to be restored'} from ${kind} as of ${moment(source.restorePoint)}`;
}

function meaning({ rpo, rto, verdict }: Evidence): string {
  const loss =
    rpo.achievedSeconds === null
      ? 'data loss not measured'
      : rpo.method === 'data'
        ? `${duration(rpo.achievedSeconds)} of data lost`
        : `restored moment ${duration(rpo.achievedSeconds)} before the disaster, data loss not measured from the data`;
  const time =
    rto.achievedSeconds === null ? 'recovery time not measured' : `recovered in ${duration(rto.achievedSeconds)}`;
  const figures = `${loss} (objective ${duration(rpo.objectiveSeconds)}), ${time} (objective ${duration(rto.objectiveSeconds)})`;
  if (verdict === 'FAILED') return `${figures}: until this is mended, do not count on these objectives`;
  if (verdict === 'INCONCLUSIVE') return `${figures}: nothing was shown bad, but recovery is not proven either`;
  return figures;
}

function next(evidence: Evidence): string {
  const left = evidence.leftBehind.map((thing) => `${thing.kind} ${oneLine(thing.identifier, 80)}`).join(', ');
  const sweep = left === '' ? '' : `left behind until the sweeper removes it: ${left}`;
  const owner = oneLine(evidence.owner, 80);
  if (evidence.verdict === 'PASSED') return sweep || 'nothing to do';
  const evidenceNumber = `read evidence ${evidence.sequence} of ${oneLine(evidence.resource.name, 120)}, mend the cause and drill again (owner: ${owner})`;
  return sweep === '' ? evidenceNumber : `${evidenceNumber}; ${sweep}`;
}
