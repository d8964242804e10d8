import type { Client } from 'pg';
import { ROWS } from './rows';

/** Sells something: one transaction over four tables. Returns when the order was made, by the server's clock. */
export async function sell(client: Client, number: number): Promise<Date> {
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
    await client.query(
      `INSERT INTO documents (order_id, kind, s3_key, size, sha256)
       SELECT $1::bigint, 'invoice', key, 20000, encode(sha256(convert_to(key, 'UTF8')), 'hex')
         FROM (SELECT 'invoices/live/' || $1::bigint || '.pdf' AS key) AS named`,
      [id],
    );
    await client.query('COMMIT');
    return createdAt;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
