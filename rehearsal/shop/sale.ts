import type { Client } from 'pg';
import { invoice, liveKey, type ShopFiles } from './invoice';
import { ROWS } from './rows';

/**
 * Sells something: one transaction over four tables, and a file that is there before its row is. Returns when the order was
 * made, by the server's clock.
 */
export async function sell(client: Client, number: number, files?: ShopFiles): Promise<Date> {
  const customer = 1 + ((number * 7) % ROWS.customers);
  const products = [1 + ((number * 31) % ROWS.products), 1 + ((number * 977 + 13) % ROWS.products)];
  await client.query('BEGIN');
  try {
    const { rows } = await client.query<{ id: string; createdAt: Date }>(
      `INSERT INTO orders (customer_id, status, total)
       SELECT $1, 'paid', sum(price) FROM products WHERE id = ANY($2::bigint[])
       RETURNING id, created_at AS "createdAt"`,
      [customer, products],
    );
    const [{ id, createdAt }] = rows;
    await client.query(
      `INSERT INTO order_items (order_id, position, product_id, quantity, price)
       SELECT $1, row_number() OVER (ORDER BY id), id, 1, price FROM products WHERE id = ANY($2::bigint[])`,
      [id, products],
    );
    await client.query(
      `INSERT INTO payments (order_id, provider, amount) SELECT id, 'card', total FROM orders WHERE id = $1`,
      [id],
    );
    const content = invoice(id);
    await files?.put(liveKey(id), content);
    await client.query(
      `INSERT INTO documents (order_id, kind, s3_key, size, sha256)
       VALUES ($1, 'invoice', $2, $3, encode(sha256($4), 'hex'))`,
      [id, liveKey(id), content.length, content],
    );
    await client.query('COMMIT');
    return createdAt;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
