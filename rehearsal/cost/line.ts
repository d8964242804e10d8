import type { Price } from '../../lambda/evidence/prices';
import { count } from '../../lambda/evidence/text';

/** One thing that costs, in a month. */
export interface CostLine {
  readonly group: 'idle' | 'storage' | 'copies' | 'drills';
  readonly item: string;
  /** US dollars; null where the price table has no price, and then not in any total. */
  readonly usd: number | null;
  /** How it was reckoned. */
  readonly how: string;
  readonly basis: Price['basis'] | 'no price';
}

/** A quantity at a price. */
export function priced(
  group: CostLine['group'],
  item: string,
  quantity: number,
  unit: string,
  price: Price | undefined,
): CostLine {
  const amount = `${shown(quantity)}${unit && ` ${unit}`}`;
  if (!price) return { group, item, usd: null, how: `${amount}: not in the price table`, basis: 'no price' };
  return {
    group,
    item,
    usd: rounded(quantity * price.usd),
    how: `${amount} x USD ${price.usd} per ${price.per}`,
    basis: price.basis,
  };
}

/** Several small things of one cause. */
export function together(group: CostLine['group'], item: string, parts: readonly Priced[]): CostLine {
  return {
    group,
    item,
    usd: rounded(parts.reduce((total, { quantity, price }) => total + quantity * price.usd, 0)),
    how: `at most ${parts.map(({ quantity, unit }) => `${shown(quantity)} ${unit}`).join(', ')}`,
    basis: parts.every(({ price }) => price.basis === 'verified') ? 'verified' : 'from memory',
  };
}

export interface Priced {
  readonly quantity: number;
  readonly unit: string;
  readonly price: Price;
}

export function sum(lines: readonly CostLine[]): number {
  return lines.reduce((total, { usd }) => total + (usd ?? 0), 0);
}

/** Thousands need no decimals; hundredths of an hour do. */
function shown(quantity: number): string {
  return count(round(quantity, quantity < 10 ? 2 : 0));
}

/** To a millionth of a dollar: below that a figure only pretends to be exact. */
export function rounded(usd: number): number {
  return round(usd, 6);
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
