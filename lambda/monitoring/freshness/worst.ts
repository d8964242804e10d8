import type { ResourceReport, SourceReport, WorstAge } from '../../../lib/private/contract/monitoring';
import { ratioOf } from './ratio';
import { runningSeconds, type Stop } from './running';

/** A promise is never judged more strictly than AWS's nominal lag allows: twice of it, at home and elsewhere. */
const LEAST_RPO = 600;
const LEAST_REGION_LOSS_RPO = 1200;

/** The worst, before it is known what it has in common with other resources. */
export interface Worst extends Omit<WorstAge, 'cause'> {
  /** The source that is late, or the freshest of those that together are. */
  readonly source?: SourceReport;
}

export interface Judged {
  readonly objectives: ResourceReport['objectives'];
  /** Region of the resource. */
  readonly home: string;
  readonly sources: readonly SourceReport[];
  readonly stopped: readonly Stop[];
  /** From when on there was something to back up. */
  readonly since: string;
  readonly now: string;
}

/** The worst of all sources and objectives; undefined where nothing is promised. */
export function worst(judged: Judged): Worst | undefined {
  const { objectives, sources, home } = judged;
  if (!objectives) return undefined;
  const { rpoSeconds, regionLossRpoSeconds } = objectives;
  const elsewhere = sources.filter(({ region }) => region !== undefined && region !== home);
  const candidates = [
    ...sources.map(ofSource),
    objective(judged, 'rpo', Math.max(rpoSeconds, LEAST_RPO), sources),
    ...(regionLossRpoSeconds === undefined
      ? []
      : [objective(judged, 'regionLossRpo', Math.max(regionLossRpoSeconds, LEAST_REGION_LOSS_RPO), elsewhere)]),
  ];
  return candidates.reduce((worse, one) => (one.ratio > worse.ratio ? one : worse));
}

function ofSource(source: SourceReport): Worst {
  const { name: of, ratio, ageSeconds, allowedSeconds, newest } = source;
  return { ratio, of, ageSeconds, allowedSeconds, ...(newest !== undefined && { newest }), source };
}

/** Sources from which nothing can be restored keep no promise. */
function objective(judged: Judged, of: string, allowedSeconds: number, sources: readonly SourceReport[]): Worst {
  const usable = sources.filter(({ blocked }) => blocked === undefined);
  const [source] = usable
    .filter(({ newest }) => newest !== undefined)
    .sort((a, b) => Date.parse(b.newest!) - Date.parse(a.newest!));
  const newest = source?.newest;
  const ageSeconds = runningSeconds(newest ?? beginning(judged, usable), judged.now, judged.stopped);
  const ratio = ratioOf(ageSeconds, allowedSeconds);
  return { ratio, of, ageSeconds, allowedSeconds, ...(newest !== undefined && { newest, source }) };
}

/** Nothing can be as old as what was never looked for. */
function beginning({ since }: Judged, sources: readonly SourceReport[]): string {
  const [first] = sources.flatMap((source) => source.since ?? []).sort();
  return first !== undefined && first > since ? first : since;
}
