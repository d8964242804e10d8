import type { DrillState } from '../../lib/private/contract/drill';
import { gaps } from './coverage';
import type { Facts, Judgement } from './facts';
import { leftOut, maySkip, requiredChecks } from './required';
import { measureRpo, type RpoMeasurement } from './rpo';
import { measureRto, type RtoMeasurement } from './rto';
import { restoredFiles } from './restored-files';
import { failedCheck, unansweredCheck } from './sentences';
import { count, counted, duration, oneLine } from './text';
import { judgeFailure } from './verdicts';

export type { Facts, Judgement } from './facts';

/** What speaks against a pass. Shown bad outweighs not known. */
interface Findings {
  readonly failed: readonly string[];
  readonly unknown: readonly string[];
}

/**
 * The verdict of a drill and the figures it rests on: the only place that compares with objectives. Pure. FAILED when
 * backup or content was shown bad or an objective was missed; PASSED only when everything required is known to be good;
 * INCONCLUSIVE otherwise. What was left behind never matters here.
 */
export function judge(facts: Facts): Judgement {
  const { rpoSeconds, rtoSeconds } = facts.definition.objectives;
  const rpo = measureRpo(facts);
  const rto = measureRto(facts);
  const lost = dataLoss(rpo, rpoSeconds);
  const late = recoveryTime(rto, rtoSeconds);
  const found = [ended(facts), checks(facts), { failed: [], unknown: gaps(facts) }, lost, late];
  const failed = found.flatMap((one) => one.failed);
  const unknown = found.flatMap((one) => one.unknown);
  if (failed.length + unknown.length === 0) unknown.push(...unmeasured(rpo, rto));
  const verdict = failed.length > 0 ? 'FAILED' : unknown.length > 0 ? 'INCONCLUSIVE' : 'PASSED';
  return {
    verdict,
    reasons: [...failed, ...unknown, ...(verdict === 'PASSED' ? passed(facts) : []), ...limitations(facts, rpo)],
    rpo: {
      method: rpo.method,
      achievedSeconds: rpo.achievedSeconds,
      objectiveSeconds: rpoSeconds,
      explanation: explain(rpo.achievedSeconds, lost, rpo.how),
    },
    rto: {
      method: rto.achievedSeconds === null ? 'not-measured' : 'checks-passed',
      achievedSeconds: rto.achievedSeconds,
      objectiveSeconds: rtoSeconds,
      explanation: explain(rto.achievedSeconds, late, rto.how),
      phases: rto.phases,
    },
  };
}

/** How the machine ended, before anything that was seen in the data. */
function ended({ state, results, definition }: Facts): Findings {
  if (state.failure) {
    const { verdict, reason } = judgeFailure(state.failure, stage(state));
    return verdict === 'FAILED' ? bad(reason) : notKnown(reason);
  }
  if (!state.verification?.done)
    return notKnown(`The drill stopped in ${stage(state)}, before its checks were done. Drill again.`);
  if (!results)
    return notKnown('The results of the checks are gone, so nothing is known of the restored data. Drill again.');
  if (definition.checksAsset && definition.checks.length === 0) {
    return notKnown(
      'The declared checks were not read from their asset, so it is not known what had to be asked. Deploy the plan again.',
    );
  }
  return { failed: [], unknown: [] };
}

function checks({ definition, results }: Facts): Findings {
  const failed: string[] = [];
  const unknown: string[] = [];
  for (const result of results?.checks ?? []) {
    if (result.status === 'fail') failed.push(failedCheck(result));
    else if (result.status === 'skipped' && maySkip(definition, result)) continue;
    else if (result.status !== 'pass') unknown.push(unansweredCheck(result));
  }
  if (results) {
    const answered = new Set(results.checks.map((result) => result.id));
    const missing = requiredChecks(definition).filter((id) => !answered.has(id));
    if (missing.length > 0)
      unknown.push(`No result of ${missing.map((id) => oneLine(id, 100)).join(', ')}: not asked is not passed.`);
  }
  return { failed, unknown };
}

function dataLoss(rpo: RpoMeasurement, objective: number): Findings {
  const stale = rpo.freshness.filter((one) => one.ageSeconds > objective);
  const failed = stale.map((one) =>
    missed(
      'RPO',
      `the newest valid row in ${one.what} was ${duration(one.ageSeconds)} old at the disaster`,
      one.ageSeconds,
      objective,
    ),
  );
  if (rpo.freshness.length === 0 && rpo.achievedSeconds !== null && rpo.achievedSeconds > objective) {
    const before = `${duration(rpo.achievedSeconds)} before the disaster`;
    const what = rpo.method === 'data' ? `files are complete until ${before}` : `the restored moment lies ${before}`;
    failed.push(missed('RPO', what, rpo.achievedSeconds, objective));
  }
  return { failed, unknown: [...rpo.invalid, ...unusable('RPO', objective)] };
}

function recoveryTime(rto: RtoMeasurement, objective: number): Findings {
  const achieved = rto.achievedSeconds;
  if (achieved === null || !(achieved > objective)) return { failed: [], unknown: unusable('RTO', objective) };
  return bad(missed('RTO', `recovery took ${duration(achieved)}`, achieved, objective));
}

function missed(which: 'RPO' | 'RTO', what: string, achieved: number, objective: number): string {
  return `${which} missed: ${what}, ${duration(achieved - objective)} over the objective of ${duration(objective)}.`;
}

/** A comparison with what is no number would always hold. */
function unusable(which: 'RPO' | 'RTO', objective: number): string[] {
  return objective > 0
    ? []
    : [
        `The plan holds no usable ${which} objective (${String(objective)}), so nothing can meet it. Deploy the plan again.`,
      ];
}

/** Not knowing a figure is never passing. */
function unmeasured(rpo: RpoMeasurement, rto: RtoMeasurement): string[] {
  return [
    ...(rpo.achievedSeconds === null ? [`Data loss was not measured: ${rpo.how}.`] : []),
    ...(rto.achievedSeconds === null ? [`Recovery time was not measured: ${rto.how}.`] : []),
  ];
}

function passed({ definition, results, state }: Facts): string[] {
  if (state.source?.files) {
    return [`${allChecks(definition)} passed: ${restoredFiles(state)} restored, both objectives met.`];
  }
  const tables = results?.profile?.tables ?? [];
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return [
    `${allChecks(definition)} passed on the restored copy: ${counted(tables.length, 'table')}, ${counted(rows, 'row')}, both objectives met.`,
  ];
}

function allChecks(definition: Facts['definition']): string {
  const { length } = requiredChecks(definition);
  return length === 1 ? 'The only required check' : `All ${count(length)} required checks`;
}

function limitations({ definition, results }: Facts, rpo: RpoMeasurement): string[] {
  const said = results
    ? [...leftOut(definition)].map(([check, why]) => `Left out on request: ${check} (${oneLine(why, 200)}).`)
    : [];
  if (rpo.method === 'restore-point' && definition.resource.engine !== 's3')
    said.push('Data loss was not measured from the data: no freshness check is declared.');
  return said;
}

function explain(achieved: number | null, found: Findings, how: string): string {
  if (achieved === null) return `Not measured: ${how}.`;
  const word = found.failed.length > 0 ? 'Missed' : found.unknown.length > 0 ? 'Not known to be met' : 'Met';
  return `${word}; measured ${how}.`;
}

/** The state in which a drill ended, from how far its facts go. */
function stage(state: DrillState): string {
  if (!state.source) return 'Choose recovery source';
  if (!state.restore) return 'Restore';
  if (state.source.files) return state.restore.files?.done ? 'Verify' : 'Restore files';
  if (!state.instance?.ready) return 'Is it ready?';
  return state.access?.open ? 'Verify' : 'Open access';
}

function bad(reason: string): Findings {
  return { failed: [reason], unknown: [] };
}

function notKnown(reason: string): Findings {
  return { failed: [], unknown: [reason] };
}
