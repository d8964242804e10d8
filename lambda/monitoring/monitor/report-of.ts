import type {
  MonitorDefinition,
  MonitorReport,
  ResourceReport,
  TaggedReport,
  WatchedResource,
} from '../../../lib/private/contract/monitoring';
import type { Assessed } from '../freshness/assess';
import type { Looked } from './look';
import { provenStill, type Proven } from './proven';
import type { Place } from './run';

/** Sentences about what AWS did not answer; more say nothing new. */
export const MOST_TROUBLES = 20;

/** What a run saw, as it is kept for the next one and for whoever reads it. */
export function reportOf(
  definition: MonitorDefinition,
  before: MonitorReport | undefined,
  { site }: Place,
  looked: Looked,
  { resources, findings }: Assessed,
): MonitorReport {
  const { shard, plan, owner, alerts, runbook, everySeconds } = definition;
  return {
    schema: 'cdk-recoverable/monitor-report/v1',
    ...{ site, shard, plan, owner, alerts },
    ...(runbook !== undefined && { runbook }),
    region: looked.home,
    everySeconds,
    at: looked.now,
    ...(looked.fullAt !== undefined && { fullAt: looked.fullAt }),
    ...(looked.settingsAt !== undefined && { settingsAt: looked.settingsAt }),
    ...(looked.deepAt !== undefined && { deepAt: looked.deepAt }),
    resources: definition.resources.map((resource) => {
      const measured = resources.get('')?.find(({ name }) => name === resource.name);
      const last = before?.resources.find(({ name }) => name === resource.name);
      const proven = provenOf(resource, last?.proven, before?.at, looked);
      return { ...(measured ?? drilledHere(resource, last, looked.now)), ...(proven && { proven }) };
    }),
    tagged: definition.tagged.map(({ name, key, value }) => {
      const found = resources.get(name) ?? [];
      return { name, key, value, resources: found, ...worstOf(found) };
    }),
    findings,
    troubles: looked.troubles.slice(0, MOST_TROUBLES),
  };
}

/** Copies of it are drilled on this site, and nothing else of it is here. */
function drilledHere(
  { name, kind, identifier }: WatchedResource,
  last: ResourceReport | undefined,
  now: string,
): ResourceReport {
  const nothing = { stopped: [], sources: [], findings: [] };
  return { name, kind, identifier, since: last?.since ?? now, objectives: null, ...nothing };
}

/** Asked in full runs; in between, and where it could not be read, nothing but time passes. */
function provenOf(
  { name, provenSeconds }: WatchedResource,
  last: Proven | undefined,
  before: string | undefined,
  { proven, now }: Looked,
): Proven | undefined {
  if (provenSeconds === undefined) return undefined;
  const asked = proven.get(name);
  if (asked) return asked;
  return last && before !== undefined ? provenStill(last, provenSeconds, before, now) : undefined;
}

/** The worst of all that bear a tag, once every one of them was measured. */
function worstOf(resources: readonly ResourceReport[]): Pick<TaggedReport, 'restorable'> {
  const ages = resources.flatMap(({ restorable }) => restorable ?? []);
  if (ages.length === 0 || ages.length < resources.length) return {};
  return { restorable: ages.reduce((worse, one) => (one.ratio > worse.ratio ? one : worse)) };
}
