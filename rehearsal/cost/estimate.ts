import type { PriceTable } from '../../lambda/evidence/prices';
import { declarationOf, isOfDatabase } from '../assembly/databases';
import type { AssembledStack } from '../assembly/read';
import { alarmsByName } from './alarms';
import { idleLines, siteLines } from './idle';
import { type CostLine, rounded, sum } from './line';
import { measuredLines } from './measured';
import type { Assumptions } from './model';
import { copyLines, drillLines, sizeOf, storageLines } from './resource';
import { scheduledRuns } from './schedules';

/** What `recoverable cost --json` prints: US dollars a month, at list prices. */
export interface CostEstimate {
  readonly schema: 'cdk-recoverable/cost/v1';
  readonly currency: 'USD';
  readonly prices: { readonly asOf: string; readonly region: string };
  readonly assumptions: readonly string[];
  /** Fixed, however much is protected. */
  readonly sites: readonly CostOf[];
  /** And whatever bears a tag that is watched, under the tag's name. */
  readonly resources: readonly CostOf[];
  readonly total: number;
}

export interface CostOf {
  readonly name: string;
  readonly stack: string;
  /** What the templates do not say and the lines rest on. */
  readonly assumed: readonly string[];
  readonly lines: readonly CostLine[];
  readonly total: number;
}

export function estimate(
  stacks: readonly AssembledStack[],
  prices: PriceTable,
  assumptions: Assumptions,
): CostEstimate {
  const folders = new Map(
    stacks.map(({ folder }) => [folder, watching(stacks.filter((each) => each.folder === folder))]),
  );
  const here = ({ folder }: AssembledStack) => folders.get(folder)!;
  const sites = stacks.flatMap((stack) =>
    stack.sites.map(({ path, data }) => costOf(data.site, stack, [], siteLines(path, stack, here(stack).runs, prices))),
  );
  const resources = stacks.flatMap((stack) =>
    stack.resources.map(({ data }) => {
      const watched = [
        ...idleLines(here(stack).alarms.get(data.name)?.alarms ?? [], prices),
        ...measuredLines(data, here(stack).runs, prices),
      ];
      if (!isOfDatabase(data)) return costOf(data.name, stack, [], watched);
      const size = sizeOf(data, declarationOf(stack, stacks, data.declared), assumptions);
      return costOf(data.name, stack, size.assumed, [
        ...watched,
        ...storageLines(data, size, prices, assumptions),
        ...copyLines(data, size, prices, assumptions),
        ...drillLines(data, size, prices, assumptions),
      ]);
    }),
  );
  const tags = [...folders].flatMap(([folder, { alarms }]) => {
    const known = new Set(
      stacks.filter((each) => each.folder === folder).flatMap((each) => each.resources.map(({ data }) => data.name)),
    );
    return [...alarms]
      .filter(([name]) => !known.has(name))
      .map(([name, { stack, alarms: own }]) => costOf(name, stack, [], idleLines(own, prices)));
  });
  return {
    schema: 'cdk-recoverable/cost/v1',
    currency: 'USD',
    prices: { asOf: prices.asOf, region: prices.region },
    assumptions: said(assumptions),
    sites,
    resources: [...resources, ...tags],
    total: rounded(sum([...sites, ...resources, ...tags].flatMap(({ lines }) => lines))),
  };
}

/** What looks at the resources of one assembly. Stages may name everything alike, so each is apart. */
function watching(stacks: readonly AssembledStack[]) {
  return { runs: scheduledRuns(stacks), alarms: alarmsByName(stacks) };
}

function costOf(name: string, stack: AssembledStack, assumed: readonly string[], lines: readonly CostLine[]): CostOf {
  return { name, stack: stack.name, assumed, lines, total: rounded(sum(lines)) };
}

function said({ changeRate, drillHours }: Assumptions): string[] {
  return [
    `${percent(changeRate)} of a database change in a day; a database fills its storage.`,
    'Automated backups are free up to the size of their database.',
    'Of the recovery points in one place one is whole, each other holds what changed since the one before; of Aurora each is whole, and free while automated backups reach back as far.',
    `A restored copy lives ${drillHours} h in a drill, at the class of its source, with checks of 10 minutes.`,
    'The three dashboards that an account has for nothing are others.',
    'A month has 730 hours. Not estimated: databases and buckets themselves, what S3 and AWS Backup keep of buckets, messages, other logs and requests, DNS Firewall, data of drills, taxes.',
  ];
}

function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100} %`;
}
