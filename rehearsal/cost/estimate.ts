import type { PriceTable } from '../../lambda/evidence/prices';
import { declarationOf } from '../assembly/databases';
import type { AssembledStack } from '../assembly/read';
import { below, idleLines, siteLines } from './idle';
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
  const runs = scheduledRuns(stacks);
  // Stages may name everything alike.
  const here = ({ folder }: AssembledStack) => runs.filter((each) => each.folder === folder);
  const sites = stacks.flatMap((stack) =>
    stack.sites.map(({ path, data }) => costOf(data.site, stack, [], siteLines(path, stack, here(stack), prices))),
  );
  const resources = stacks.flatMap((stack) =>
    stack.resources.map(({ path, data }) => {
      const size = sizeOf(data, declarationOf(stack, stacks, data.declared), assumptions);
      return costOf(data.name, stack, size.assumed, [
        ...idleLines(below(path, stack), prices),
        ...measuredLines(data, here(stack), prices),
        ...storageLines(data, size, prices, assumptions),
        ...copyLines(data, size, prices, assumptions),
        ...drillLines(data, size, prices, assumptions),
      ]);
    }),
  );
  return {
    schema: 'cdk-recoverable/cost/v1',
    currency: 'USD',
    prices: { asOf: prices.asOf, region: prices.region },
    assumptions: said(assumptions),
    sites,
    resources,
    total: rounded(sum([...sites, ...resources].flatMap(({ lines }) => lines))),
  };
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
    'A month has 730 hours. Not estimated: the databases themselves, messages, other logs and requests, DNS Firewall, data of drills, taxes.',
  ];
}

function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100} %`;
}
