import type { CheckResult } from '../../lib/private/contract/checks';
import type { Evidence } from '../../lib/private/contract/evidence';
import { secondsBetween } from '../shared/clock';
import type { Facts } from './facts';
import { lossOfFiles } from './restored-files';
import { duration, moment, oneLine } from './text';

/** RDS restores to whole seconds, so a row this far past the restore point is still from before it. */
const TOLERANCE_SECONDS = 1;

/** How old the newest valid row of one freshness check was at the declared disaster. */
export interface Freshness {
  /** `orders.created_at` */
  readonly what: string;
  readonly newestRow: string;
  /** Never negative. */
  readonly ageSeconds: number;
}

/** Achieved data loss, measured but not compared: that is the judge's. */
export interface RpoMeasurement {
  readonly method: Evidence['rpo']['method'];
  readonly achievedSeconds: number | null;
  /** How it was measured, or why not: a sentence. */
  readonly how: string;
  readonly freshness: readonly Freshness[];
  /** Newest rows that prove nothing, in sentences. */
  readonly invalid: readonly string[];
}

/** Declared disaster minus the newest valid row; from the restore point only where no freshness check was declared. */
export function measureRpo(facts: Facts): RpoMeasurement {
  const { definition, state, results } = facts;
  if (!results || !state.source) return notMeasured('the restored data was never looked at');
  if (!(secondsBetween(state.source.restorePoint, state.drill.disasterAt) >= 0))
    return notMeasured(
      `the restore point (${moment(state.source.restorePoint)}) is no time before the declared disaster (${moment(state.drill.disasterAt)})`,
    );
  if (definition.resource.engine === 's3') return { ...lossOfFiles(facts), freshness: [], invalid: [] };
  const measured = results.checks.filter((result) => result.kind === 'freshness' && result.newestRow !== undefined);
  const declared = definition.checks.some((check) => check.kind === 'freshness');
  if (!declared && measured.length === 0) return fromRestorePoint(state.drill.disasterAt, state.source.restorePoint);

  const valid = measured.filter((result) => isValid(result, state.source?.restorePoint ?? ''));
  const invalid = measured
    .filter((result) => !valid.includes(result) && result.status === 'pass')
    .map(
      (result) =>
        `The newest row of ${nameOf(facts, result)} (${moment(result.newestRow ?? '')}) is not from before the restore point (${moment(state.source?.restorePoint ?? '')}), so it proves no freshness.`,
    );
  const freshness = valid
    .map((result) => ({
      what: nameOf(facts, result),
      newestRow: result.newestRow ?? '',
      ageSeconds: age(result.newestRow ?? '', state.drill.disasterAt),
    }))
    .filter((one) => Number.isFinite(one.ageSeconds))
    .sort((a, b) => a.ageSeconds - b.ageSeconds);
  const newest = freshness[0];
  if (!newest) return { ...notMeasured('no freshness check found a valid newest row'), invalid };
  return {
    method: 'data',
    achievedSeconds: newest.ageSeconds,
    how: `from the data: the newest valid row in ${newest.what} is from ${moment(newest.newestRow)}${others(freshness.slice(1))}`,
    freshness,
    invalid,
  };
}

function others(older: readonly Freshness[]): string {
  return older.length === 0
    ? ''
    : `; ${older.map((one) => `${one.what} was ${duration(one.ageSeconds)} old`).join(', ')}`;
}

function fromRestorePoint(disasterAt: string, restorePoint: string): RpoMeasurement {
  const achieved = age(restorePoint, disasterAt);
  if (!Number.isFinite(achieved)) return notMeasured('the restore point is no time');
  return {
    method: 'restore-point',
    achievedSeconds: achieved,
    how: `only from the moment that was restored to, ${moment(restorePoint)}: no freshness check is declared, so the data itself was not asked`,
    freshness: [],
    invalid: [],
  };
}

function notMeasured(how: string): RpoMeasurement {
  return { method: 'not-measured', achievedSeconds: null, how, freshness: [], invalid: [] };
}

function isValid(result: CheckResult, restorePoint: string): boolean {
  const past = secondsBetween(restorePoint, result.newestRow ?? '');
  return (result.status === 'pass' || result.status === 'fail') && past <= TOLERANCE_SECONDS;
}

function age(time: string, disasterAt: string): number {
  return Math.max(0, secondsBetween(time, disasterAt));
}

function nameOf({ definition }: Facts, result: CheckResult): string {
  const check = definition.checks.find((one) => one.id === result.id);
  return oneLine(check?.kind === 'freshness' ? `${check.table}.${check.column}` : result.id, 200);
}
