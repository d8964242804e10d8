import type { DrillDefinition } from '../../../lib/private/contract/drill';
import type {
  MonitorDefinition,
  MonitorReport,
  WatchedResource,
  WatchedSource,
} from '../../../lib/private/contract/monitoring';
import { keys } from '../../shared/keys';
import type { Store } from '../../shared/store';
import { arnOf } from '../account/moments';

/** Resources whose history is kept and judged together. */
export interface Shard {
  readonly id: string;
  readonly plan: string;
  readonly owner: string;
  readonly alerts: DrillDefinition['alerts'];
  readonly runbook?: string;
  readonly resources: readonly Watched[];
}

export interface Watched {
  /** `<plan>/<resource>` */
  readonly name: string;
  readonly kind: WatchedResource['kind'];
  readonly identifier: string;
  readonly arn: string;
  readonly sources: readonly WatchedSource[];
  /** Whether it is in this Region: of one whose copies alone are drilled here, nothing else can be seen. */
  readonly here: boolean;
}

/** What a shard watches by name, and what its monitor last found by tag. */
export async function shardOf(definition: MonitorDefinition, rdsArn: string, state: Store): Promise<Shard> {
  const { shard, plan, owner, alerts, runbook, profiles } = definition;
  const named = definition.resources.map(({ name, kind, identifier, profile }) =>
    watched({ name, kind, identifier }, rdsArn, profile === undefined ? undefined : profiles[profile]?.sources),
  );
  const tagged: Watched[] = [];
  if (definition.tagged.length > 0) {
    const report = await state.get<MonitorReport>(keys.report(shard));
    for (const tag of definition.tagged) {
      const found = report?.value.tagged.find(({ name }) => name === tag.name)?.resources ?? [];
      tagged.push(...found.map((one) => watched(one, rdsArn, profiles[tag.profile]?.sources ?? [])));
    }
  }
  const byName = new Map([...tagged, ...named].map((one) => [one.name, one]));
  return { id: shard, plan, owner, alerts, runbook, resources: [...byName.values()] };
}

function watched(
  { name, kind, identifier: given }: Pick<WatchedResource, 'name' | 'kind' | 'identifier'>,
  rdsArn: string,
  sources: readonly WatchedSource[] | undefined,
): Watched {
  const identifier = given.toLowerCase(); // as RDS and S3 keep it
  const arn = arnOf(rdsArn, { kind, identifier });
  return { name, kind, identifier, arn, sources: sources ?? [], here: sources !== undefined };
}
