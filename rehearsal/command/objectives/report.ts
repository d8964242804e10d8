import type { JudgedObjective, ResourceInventory } from '../../../lib/private/contract/inventory';
import { type DeclaredDatabase, underNoPlan } from '../../assembly/databases';
import type { AssembledStack } from '../../assembly/read';

/** What `recoverable objectives --json` prints. */
export interface ObjectivesReport {
  readonly schema: 'cdk-recoverable/objectives/v1';
  readonly resources: readonly (Omit<ResourceInventory, 'schema'> & {
    readonly stack: string;
    readonly met: {
      /** Whether the best source reaches it. */
      readonly rpo: boolean;
      /** Null where nothing is promised. */
      readonly regionLossRpo: boolean | null;
      /** Null: only drills measure it. */
      readonly rto: null;
    };
    readonly threeTwoOne: ThreeTwoOne;
  })[];
  /** Databases of the app's templates that no plan protects. */
  readonly underNoPlan: readonly DeclaredDatabase[];
  /** Nested stacks whose template is elsewhere: what they create is not looked at. */
  readonly unread: readonly { readonly stack: string; readonly logicalId: string }[];
}

/** Three copies, the resource itself among them, kept by two services, one in another Region. */
export interface ThreeTwoOne {
  readonly copies: number;
  readonly storages: readonly string[];
  readonly elsewhere: readonly string[];
  readonly holds: boolean;
}

export function objectivesReport(stacks: readonly AssembledStack[]): ObjectivesReport {
  return {
    schema: 'cdk-recoverable/objectives/v1',
    resources: stacks.flatMap((stack) =>
      stack.resources.map(({ data: { schema: _, ...data } }) => ({
        stack: stack.name,
        ...data,
        met: {
          rpo: isMet(data.objectives.rpo) ?? false,
          regionLossRpo: isMet(data.objectives.regionLossRpo),
          rto: null,
        },
        threeTwoOne: threeTwoOne(data),
      })),
    ),
    underNoPlan: underNoPlan(stacks),
    unread: stacks.flatMap(({ name, unread }) => unread.map((logicalId) => ({ stack: name, logicalId }))),
  };
}

function isMet({ objectiveSeconds, best }: JudgedObjective): boolean | null {
  if (objectiveSeconds === undefined) return null;
  return best !== undefined && best.seconds <= objectiveSeconds;
}

type ResourceParts = Pick<ResourceInventory, 'kind' | 'region' | 'sources'>;

/** What one service keeps in one place is one copy, however many moments it holds. */
function threeTwoOne({ kind, region, sources }: ResourceParts): ThreeTwoOne {
  // Versions are in the bucket itself.
  const apart = sources.filter((source) => source.kind !== 'versions');
  const kept = new Set(apart.map((source) => JSON.stringify([source.storage, source.account, source.region])));
  const storages = [...new Set([kind === 'bucket' ? 's3' : 'rds', ...sources.map(({ storage }) => storage)])];
  const elsewhere = [...new Set(sources.map((source) => source.region).filter((one) => one !== region))];
  const copies = 1 + kept.size;
  return { copies, storages, elsewhere, holds: copies >= 3 && storages.length >= 2 && elsewhere.length >= 1 };
}
