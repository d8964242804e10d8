import { Duration } from 'aws-cdk-lib';
import type { Objectives } from '../../plan/objectives';
import type { JudgedObjective, SourceInventory } from '../contract/inventory';
import { POINT_IN_TIME_LAG } from './sources';

/** What is judged: a resource, what is promised of it, and where it could be recovered from. */
export interface Promised {
  /** `<plan>/<resource>`. */
  readonly name: string;
  readonly objectives: Objectives;
  /** Region of the resource. */
  readonly region: string;
  readonly sources: readonly SourceInventory[];
}

/** The least data loss that the sources can reach while everything works, with and without the home Region. */
export function judge({ objectives, region, sources }: Promised) {
  return {
    rpo: judged(objectives.rpo, region, sources),
    regionLossRpo: judged(
      objectives.regionLossRpo,
      region,
      sources.filter((source) => source.region !== region),
    ),
  };
}

/** Objectives that synthesis knows cannot be met: which, what the best is, and what would reach it. */
export function unreachable(promised: Promised): string[] {
  const { name, sources, objectives, region } = promised;
  if (sources.length === 0) {
    return [
      `no recovery objective of ${name} can be met: its automated backups are off; set its backupRetention to at least 1 day`,
    ];
  }
  const { rpo, regionLossRpo } = judge(promised);
  const problems: string[] = [];
  if (!isMet(rpo)) {
    problems.push(
      `objective rpo of ${objectives.rpo.toHumanString()} of ${name} cannot be met: ${best(rpo)}; automated backups would reach ${POINT_IN_TIME_LAG.toHumanString()}: set its backupRetention to at least 1 day`,
    );
  }
  if (!isMet(regionLossRpo)) {
    const why = regionLossRpo.best
      ? `${best(regionLossRpo)}; of an instance every tier is copied and RDS can replicate automated backups, of a cluster the weekly tier alone is copied: see that the plan has what would reach it`
      : `every source is in ${region} and lost with it; a copy in another Region would remain: name one in copyTo of its plan`;
    problems.push(
      `objective regionLossRpo of ${objectives.regionLossRpo?.toHumanString()} of ${name} cannot be met: ${why}, or promise less`,
    );
  }
  return problems;
}

function judged(objective: Duration | undefined, home: string, sources: readonly SourceInventory[]): JudgedObjective {
  const objectiveSeconds = objective?.toSeconds();
  const [least] = [...sources].sort((a, b) => a.oldestSeconds - b.oldestSeconds);
  if (!least) return { objectiveSeconds };
  const source = least.region === home ? least.name : `${least.name} in ${least.region}`;
  return { objectiveSeconds, best: { seconds: least.oldestSeconds, source, known: least.known } };
}

function isMet({ objectiveSeconds, best }: JudgedObjective): boolean {
  if (objectiveSeconds === undefined) return true;
  return best !== undefined && best.seconds <= objectiveSeconds;
}

function best({ best }: JudgedObjective): string {
  return best ? `the best source is ${best.source}, up to ${Duration.seconds(best.seconds).toHumanString()} old` : '';
}
