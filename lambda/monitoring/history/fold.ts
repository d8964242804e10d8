import type { HistoryRecord } from '../../../lib/private/contract/monitoring';
import { figuresOf, type DayFigures } from './day-figures';
import { daysFrom, plusDays } from './days';
import { judge } from './judge';
import type { Observed } from './observed';
import type { Judged } from './tell';
import { nothingYet, withDay, type Usual, type UsualOfShard } from './usual';
import type { Shard, Watched } from './watched';

/** As far back as anything is judged by. */
const DAYS = 60;

/** Reads a written day; empty where it is not there. */
export type ReadDay = (day: string) => AsyncIterable<HistoryRecord>;

/** Figures of written days, each day read once however many shards want it. */
export class Figures {
  private readonly days = new Map<string, Promise<Map<string, DayFigures>>>();
  private readonly wanted: ReadonlySet<string>;

  constructor(
    private readonly read: ReadDay,
    resources: readonly Watched[],
  ) {
    this.wanted = new Set(resources.flatMap(({ name, arn }) => [name, arn]));
  }

  async of(day: string): Promise<Map<string, DayFigures>> {
    const figures = this.days.get(day) ?? figuresOf(this.read(day), this.wanted);
    this.days.set(day, figures);
    return figures;
  }
}

/**
 * Takes the days that are not in it yet into what is usual of a shard, and judges each of them. Where nothing is known yet only
 * the last day is judged: what happened weeks ago is no news.
 */
export async function foldShard(
  known: UsualOfShard | undefined,
  { resources }: Shard,
  through: string,
  figures: Figures,
): Promise<Judged[]> {
  const first = known ? plusDays(known.through, 1) : plusDays(through, 1 - DAYS);
  const days = daysFrom(first < plusDays(through, 1 - DAYS) ? plusDays(through, 1 - DAYS) : first, through);
  const before = new Map(known?.resources.map((usual) => [usual.name, usual]));
  const judged = resources.map((resource) => ({
    resource,
    usual: before.get(resource.name) ?? nothingYet(resource.name),
    moments: [] as Observed[],
  }));
  for (const day of days) {
    const ofDay = await figures.of(day);
    for (const one of judged) {
      const { resource } = one;
      one.usual = withDay(one.usual, day, together(ofDay.get(resource.arn), ofDay.get(resource.name)));
      if (!known || day === through) continue;
      one.moments.push(...judge(one.usual, resource, day).filter(({ lasting }) => !lasting));
    }
  }
  return judged.map(({ resource, usual, moments }) => ({
    usual,
    observed: [...moments, ...judge(usual, resource, through)],
  }));
}

/** Jobs and sizes are known by ARN, so also from before the resource was protected; drills by name. */
function together(byArn: DayFigures | undefined, byName: DayFigures | undefined): DayFigures | undefined {
  return byArn && byName ? { ...byArn, drills: byName.drills } : (byArn ?? byName);
}

export function kept(judged: readonly Judged[], open: (one: Judged) => Usual['open'], through: string): UsualOfShard {
  return {
    schema: 'cdk-recoverable/history-usual/v1',
    through,
    resources: judged.map((one) => ({ ...one.usual, open: open(one) })),
  };
}
