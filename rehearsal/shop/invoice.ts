/** Below this every invoice of the shop lies. */
export const INVOICES = 'invoices/';

/** The file of an order: the same bytes each time, and different ones for different orders. */
export function invoice(order: string | number | bigint): Buffer {
  const lines = 10 + Number(BigInt(order) % 41n);
  return Buffer.from(`Invoice of order ${order}\n${`an item of order ${order}\n`.repeat(lines)}`);
}

/** The same bytes, as PostgreSQL says them. */
export function invoiceInSql(order: string): string {
  const text = `'Invoice of order ' || ${order} || chr(10) || repeat('an item of order ' || ${order} || chr(10), (10 + ${order} % 41)::int)`;
  return `convert_to(${text}, 'UTF8')`;
}

/** Where an order's invoice is kept that is written while the shop sells. */
export function liveKey(order: string): string {
  return `${INVOICES}live/${order}.txt`;
}

/** Where the shop keeps its files. */
export interface ShopFiles {
  put(key: string, content: Buffer): Promise<void>;
  /** Deletes everything below a prefix, as whoever has the right to write may. */
  removeAll(prefix: string): Promise<void>;
}
