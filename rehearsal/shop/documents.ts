import { invoice } from './invoice';
import type { Shop } from './shop';

/** A file as its row says it is. */
export interface Document {
  readonly key: string;
  readonly size: number;
  readonly read: () => Buffer;
  readonly at: Date;
}

/** The files of the rows that a new shop has. */
export async function documentsOf(shop: Shop): Promise<Document[]> {
  const client = await shop.master();
  try {
    const { rows } = await client.query<{ key: string; size: string; order: string; at: Date }>(
      'SELECT s3_key AS key, size, order_id AS order, created_at AS at FROM documents ORDER BY id',
    );
    // A file is there before its row is.
    return rows.map(({ key, size, order, at }) => ({
      key,
      size: Number(size),
      read: () => invoice(order),
      at: new Date(at.getTime() - 1000),
    }));
  } finally {
    await client.end();
  }
}
