import { readFileSync } from 'node:fs';
import { PRICES, type Price, type PriceTable } from '../../lambda/evidence/prices';

/** A table of prices that cannot be used: the user can mend that. */
export class PriceError extends Error {
  override readonly name = 'PriceError';
}

/** The table that ships, or another of the same form. */
export function priceTable(file?: string): PriceTable {
  if (file === undefined) return PRICES;
  let table: unknown;
  try {
    table = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new PriceError(`cannot read the prices ${file}: ${(error as Error).message}`);
  }
  const wrong = problem(table);
  if (wrong)
    throw new PriceError(`the prices ${file} cannot be used: ${wrong}; every price of the table that ships is needed`);
  return table as PriceTable;
}

function problem(table: unknown): string | undefined {
  if (!isRecord(table) || table.schema !== PRICES.schema) return `their schema must be ${PRICES.schema}`;
  for (const [key, expected] of Object.entries(PRICES)) {
    const found = table[key];
    if (typeof expected === 'string') {
      if (typeof found !== 'string') return `${key} is missing`;
    } else if ('usd' in expected) {
      if (!isPrice(found)) return `${key} ${NO_PRICE}`;
    } else {
      if (!isRecord(found)) return `${key} is missing`;
      const wrong = Object.entries(found).find(([, price]) => !isPrice(price));
      if (wrong) return `${key} ${wrong[0]} ${NO_PRICE}`;
    }
  }
  return undefined;
}

const NO_PRICE = 'needs usd, a number of 0 or more, per, a text, and basis, "verified" or "from memory"';

function isPrice(value: unknown): value is Price {
  if (!isRecord(value)) return false;
  const { usd, per, basis } = value;
  return (
    typeof usd === 'number' && usd >= 0 && typeof per === 'string' && (basis === 'verified' || basis === 'from memory')
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
