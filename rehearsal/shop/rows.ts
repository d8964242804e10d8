import { invoiceInSql } from './invoice';

/** How many rows the new shop has in each table: 300,000 in all. */
export const ROWS = {
  customers: 20_000,
  products: 2_000,
  orders: 60_000,
  order_items: 140_000,
  payments: 60_000,
  documents: 17_993,
  flyway_schema_history: 7,
} as const;

/** An order every so often, up to some minutes before now: two years of them. */
const MINUTES_BETWEEN_ORDERS = 17;

const MIGRATIONS = [
  'create customers and products',
  'create orders',
  'create payments',
  'add order status',
  'create documents',
  'index orders by time',
  'add document checksums',
];

/**
 * The same rows every time but for the moment they end at. Nothing random: a row's values come from its number, and
 * an order's total is the sum of its items.
 */
export const FILL = `
  CREATE TEMPORARY TABLE beginning AS
    SELECT date_trunc('minute', now()) - make_interval(mins => ${MINUTES_BETWEEN_ORDERS} * (${ROWS.orders} + 1)) AS at;

  INSERT INTO customers (id, email, full_name, country, created_at)
  SELECT i,
         lower(first.word) || '.' || i || '@example.com',
         first.word || ' ' || last.word,
         (ARRAY['DE', 'FR', 'IE', 'US', 'JP', 'BR', 'SE'])[1 + i % 7],
         beginning.at - make_interval(hours => ${ROWS.customers} - i)
    FROM beginning, generate_series(1, ${ROWS.customers}) AS i,
         LATERAL (SELECT (ARRAY['Ada', 'Zoë', 'José', 'Mei', 'Olu', 'Siân', 'Łukasz', 'Anna', 'Jürgen', 'Noor', 'Ines'])
                  [1 + i % 11] AS word) AS first,
         LATERAL (SELECT (ARRAY['O''Brien', 'Müller', 'García', '李', 'Okafor', 'Nowak', 'Silva', 'Ito', 'Smith', 'Åberg'])
                  [1 + i / 11 % 10] AS word) AS last;

  INSERT INTO products (id, sku, name, price, in_stock)
  SELECT i, 'SKU-' || lpad(i::text, 6, '0'),
         (ARRAY['Kettle', 'Lamp', 'Desk', 'Chair', 'Notebook', 'Mug', 'Rug'])[1 + i % 7] || ' No. ' || i,
         (199 + i * 7919 % 20000) / 100.0,
         i * 31 % 500
    FROM generate_series(1, ${ROWS.products}) AS i;

  -- One, two or four items per order.
  CREATE TEMPORARY TABLE item AS
    SELECT o AS order_id, p AS position, 1 + (o * 31 + p * 977) % ${ROWS.products} AS product_id, 1 + (o + p) % 3 AS quantity
      FROM generate_series(1, ${ROWS.orders}) AS o,
           generate_series(1, (ARRAY[1, 2, 4])[1 + o % 3]) AS p;

  INSERT INTO orders (id, customer_id, status, total, created_at)
  SELECT o, 1 + o * 7 % ${ROWS.customers}, (ARRAY['shipped', 'shipped', 'paid', 'returned'])[1 + o % 4], priced.total,
         beginning.at + make_interval(mins => ${MINUTES_BETWEEN_ORDERS} * o, secs => abs(hashint4(o)::bigint) % 600)
    FROM beginning, generate_series(1, ${ROWS.orders}) AS o
    JOIN (SELECT order_id, sum(quantity * price) AS total
            FROM item JOIN products ON products.id = product_id GROUP BY order_id) AS priced ON priced.order_id = o
   ORDER BY o;

  INSERT INTO order_items (order_id, position, product_id, quantity, price)
  SELECT order_id, position, product_id, quantity, price FROM item JOIN products ON products.id = product_id
   ORDER BY order_id, position;

  INSERT INTO payments (id, order_id, provider, amount, paid_at)
  SELECT id, id, (ARRAY['card', 'transfer', 'wallet'])[1 + id % 3], total, created_at + interval '90 seconds'
    FROM orders ORDER BY id;

  INSERT INTO documents (id, order_id, kind, s3_key, size, sha256, created_at)
  SELECT d, orders.id, 'invoice', 'invoices/' || to_char(created_at AT TIME ZONE 'UTC', 'YYYY/MM/') || orders.id || '.txt',
         octet_length(content), encode(sha256(content), 'hex'), created_at + interval '2 minutes'
    FROM generate_series(1, ${ROWS.documents}) AS d
    JOIN orders ON orders.id = d * 3,
         LATERAL (SELECT ${invoiceInSql('orders.id')} AS content) AS written
   ORDER BY d;

  INSERT INTO flyway_schema_history
    (installed_rank, version, description, type, script, checksum, installed_by, installed_on, execution_time, success)
  SELECT rank, rank::text, description, 'SQL', 'V' || rank || '__' || replace(description, ' ', '_') || '.sql',
         hashtext(description), current_user, (beginning.at + make_interval(days => 40 * rank::int)) AT TIME ZONE 'UTC',
         40 + 13 * rank, true
    FROM beginning, unnest(ARRAY[${MIGRATIONS.map((migration) => `'${migration}'`).join(', ')}])
         WITH ORDINALITY AS migration (description, rank);

  SELECT setval(pg_get_serial_sequence(name, 'id'), size) FROM (VALUES
    ('customers', ${ROWS.customers}), ('products', ${ROWS.products}), ('orders', ${ROWS.orders}),
    ('payments', ${ROWS.payments}), ('documents', ${ROWS.documents})) AS used (name, size);
  DROP TABLE beginning, item;
`;
