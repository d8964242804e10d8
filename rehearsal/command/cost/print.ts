import { counted } from '../../../lambda/evidence/text';
import type { Difference } from '../../cost/difference';
import type { CostEstimate, CostOf } from '../../cost/estimate';
import { type CostLine, sum } from '../../cost/line';
import { printable } from '../printable';
import { table } from '../table';

const GROUPS = ['idle', 'storage', 'copies', 'drills'] as const;

/** The estimate for people: a row for each site and resource, then every line with how it was reckoned. */
export function printEstimate(estimate: CostEstimate): string {
  const { sites, resources, total } = estimate;
  const all = [...sites.map((site) => ({ ...site, name: `site ${site.name}` })), ...resources];
  return [
    `USD ${usd(total)} a month: ${counted(sites.length, 'site')}, ${counted(resources.length, 'resource')}`,
    ...(all.length > 0
      ? [
          '',
          table(
            ['USD a month', 'Stack', 'Idle', 'Storage', 'Copies', 'Drills', 'Together'],
            all.map(totals),
            [2, 3, 4, 5, 6],
          ),
          '',
          'How it was reckoned',
          table(['Of', 'Item', 'USD a month', 'Quantity and price', 'Price is'], all.flatMap(details), [2]),
        ]
      : []),
    '',
    ...notes(estimate, all),
  ].join('\n');
}

/** What changes between two apps. */
export function printDifference(base: CostEstimate, app: CostEstimate, found: readonly Difference[]): string {
  const change = app.total - base.total;
  return [
    `USD ${signed(change)} a month: ${usd(base.total)} before, ${usd(app.total)} after`,
    '',
    ...(found.length > 0
      ? [
          table(
            ['Of', 'Stack', 'Item', 'Before', 'After', 'Difference'],
            found.map(({ of, stack, item, base: before, app: after, difference }) => [
              ...[of, stack, item].map(printable),
              ...[usd(before), usd(after), signed(difference)],
            ]),
            [3, 4, 5],
          ),
          '',
        ]
      : []),
    ...notes(app, app.resources),
  ].join('\n');
}

function totals({ name, stack, lines, total }: CostOf): string[] {
  const groups = GROUPS.map((group) => lines.filter((line) => line.group === group));
  return [
    printable(name),
    printable(stack),
    ...groups.map((some) => usd(some.length > 0 ? sum(some) : null)),
    usd(total),
  ];
}

function details({ name, stack, lines }: CostOf): string[][] {
  return lines.map(({ item, usd: amount, how, basis }: CostLine, index) => [
    index === 0 ? printable(`${name} in ${stack}`) : '',
    printable(item),
    usd(amount),
    printable(how),
    basis,
  ]);
}

function notes({ prices, assumptions }: CostEstimate, all: readonly CostOf[]): string[] {
  const missing = all.flatMap(({ lines }) => lines.filter(({ basis }) => basis === 'no price'));
  return [
    `Prices: ${printable(prices.region)}, ${printable(prices.asOf)}, on demand; those from memory are guesses. --prices takes a table of your own.`,
    ...(missing.length > 0 ? [`Not in the total: ${counted(missing.length, 'line')} without a price.`] : []),
    'Assumed:',
    ...assumptions.map((one) => `- ${one}`),
    ...all.flatMap(({ name, assumed }) => assumed.map((one) => printable(`- ${name}: ${one}`))),
  ];
}

/** Cents, and what is less than one but not nothing as such. */
function usd(amount: number | null): string {
  if (amount === null) return '-';
  return amount > 0 && amount < 0.005 ? '< 0.01' : amount.toFixed(2);
}

function signed(amount: number): string {
  if (amount === 0) return '0.00';
  const cents = Math.abs(amount).toFixed(2);
  if (cents === '0.00') return amount > 0 ? '< 0.01' : '> -0.01';
  return `${amount > 0 ? '+' : '-'}${cents}`;
}
