import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseEngine, PhysicalBackup, RunningDatabase } from '../../../rehearsal/database-engine';
import { openPostgresEngine } from '../../../rehearsal/postgres';
import { createShop, documentsOf, SHOP_ROWS, ShopWriter, type Shop } from '../../../rehearsal/shop';

let engine: DatabaseEngine;
let server: RunningDatabase;
let shop: Shop;
let backup: PhysicalBackup;

beforeAll(async () => {
  engine = await openPostgresEngine();
  server = await engine.create({ masterUsername: `mas"ter'`, masterPassword: 'long-enough' });
  shop = await createShop(server, engine.certificateAuthority);
  backup = await server.backup();
});

afterAll(() => engine?.close());

async function ask<T>(sql: string, of: RunningDatabase = server): Promise<T[]> {
  const client = await of.superuser(shop.database);
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.map((row) => (row as T[])[0]);
  } finally {
    await client.end();
  }
}

async function askMaster<T>(sql: string): Promise<T[]> {
  const client = await shop.master();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.map((row) => (row as T[])[0]);
  } finally {
    await client.end();
  }
}

describe('a new shop', () => {
  test('has 300,000 rows, and the master may read every table', async () => {
    let all = 0;
    for (const [table, rows] of Object.entries(SHOP_ROWS)) {
      expect(await askMaster(`SELECT count(*)::int FROM ${table}`)).toEqual([rows]);
      all += rows;
    }
    expect(all).toBe(300_000);
  });

  test('holds together: every order has items, its total is their sum, every time is past', async () => {
    expect(
      await ask(`SELECT count(*)::int FROM orders o WHERE total <> (SELECT sum(quantity * price) FROM order_items WHERE order_id = o.id)
                    OR created_at >= now() OR NOT EXISTS (SELECT FROM payments WHERE order_id = o.id AND amount = o.total)`),
    ).toEqual([0]);
    expect(await ask("SELECT (max(created_at) > now() - interval '2 hours') FROM orders")).toEqual([true]);
    expect(await ask('SELECT count(DISTINCT created_at)::int FROM orders')).toEqual([SHOP_ROWS.orders]);
    expect(
      await ask(
        `SELECT count(*)::int FROM documents WHERE s3_key !~ '^invoices/' OR size = 0 OR sha256 !~ '^[0-9a-f]{64}$'`,
      ),
    ).toEqual([0]);
    expect(await ask(`SELECT count(*)::int FROM pg_constraint WHERE contype = 'f' AND convalidated`)).toEqual([5]);
    expect(await ask('SELECT bool_and(success) FROM flyway_schema_history')).toEqual([true]);
  });

  test('is the same shop every time but for when it ends', async () => {
    const other = await engine.create({ masterUsername: 'master', masterPassword: 'long-enough' });
    await createShop(other, engine.certificateAuthority);
    for (const sql of [
      'SELECT md5(string_agg((customer_id, status, total)::text, chr(10) ORDER BY id)) FROM orders',
      'SELECT md5(string_agg((order_items.*)::text, chr(10) ORDER BY order_id, position)) FROM order_items',
      'SELECT md5(string_agg((email, full_name, country)::text, chr(10) ORDER BY id)) FROM customers',
      'SELECT md5(string_agg(checksum::text, chr(10) ORDER BY installed_rank)) FROM flyway_schema_history',
    ]) {
      expect(await ask(sql, other)).toEqual(await ask(sql));
    }
    await other.destroy();
  });

  test('belongs to the application, and the master can only read it', async () => {
    expect(await ask(`SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'`)).toEqual(['shop_app']);
    await expect(askMaster('DELETE FROM orders')).rejects.toThrow('permission denied for table orders');
    await expect(askMaster("SELECT pg_read_file('/etc/passwd')")).rejects.toThrow('permission denied');
    const application = await shop.application();
    const { rows } = await application.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    expect(rows).toEqual([{ ssl: true }]);
    await application.query('CREATE TABLE made_later (id int)');
    expect(await askMaster('SELECT count(*)::int FROM made_later')).toEqual([0]);
    await application.query('DROP TABLE made_later');
    await application.end();
  });
});

test('every row of a document has its file, also of what is sold', async () => {
  const files = new Map(
    (await documentsOf(shop)).map(({ key, size, read, at }) => [key, { content: read(), size, at }]),
  );
  expect(files.size).toBe(SHOP_ROWS.documents);
  const store = {
    put: async (key: string, content: Buffer) => void files.set(key, { content, size: content.length, at: new Date() }),
    removeAll: async () => files.clear(),
  };
  const writer = new ShopWriter(shop, store);
  await writer.start();
  await sleep(300);
  await writer.stop();
  const client = await server.superuser(shop.database);
  const { rows } = await client.query<{ key: string; size: string; sha256: string }>(
    'SELECT s3_key AS key, size, sha256 FROM documents',
  );
  await client.query('DELETE FROM orders WHERE id > $1', [SHOP_ROWS.orders]);
  await client.end();
  expect(rows).toHaveLength(files.size);
  const wrong = rows.filter(({ key, size, sha256 }) => {
    const file = files.get(key);
    return !file || file.size !== Number(size) || createHash('sha256').update(file.content).digest('hex') !== sha256;
  });
  expect(wrong).toEqual([]);
  expect(new Set(rows.map(({ sha256 }) => sha256)).size).toBe(rows.length);
});

const CAPTURE_SECONDS = 2.5;

describe('selling and the accident', () => {
  test('sells some twenty times a second, whole sales only', async () => {
    const writer = new ShopWriter(shop);
    await writer.start();
    await expect(writer.start()).rejects.toThrow('selling already');
    await sleep(2_000);
    await writer.stop();
    expect(writer.sales).toBeGreaterThan(0);
    expect(writer.sales).toBeLessThan(60);
    const sold = writer.sales;
    await sleep(200);
    expect(writer.sales).toBe(sold);
    expect(await ask('SELECT count(*)::int FROM orders')).toEqual([SHOP_ROWS.orders + sold]);
    expect(await ask('SELECT count(*)::int FROM order_items')).toEqual([SHOP_ROWS.order_items + 2 * sold]);
  });

  test('the restore point holds every order up to it, the accident comes after, and selling hardly pauses', async () => {
    const writer = new ShopWriter(shop);
    await writer.start();
    await sleep(400);
    const seen: { moment?: Date; orders?: number; readOnly?: boolean; meanwhile?: number } = {};
    const accident = await writer.accident('orders-deleted', async (client, moment) => {
      seen.moment = moment;
      // A capture that takes its time sees the same state all along, while selling goes on.
      const before = writer.sales;
      await sleep(CAPTURE_SECONDS * 1000);
      seen.meanwhile = writer.sales - before;
      const { rows } = await client.query<{ orders: number; mode: string }>(
        `SELECT count(*)::int AS orders, current_setting('transaction_read_only') AS mode FROM orders`,
      );
      seen.orders = rows[0].orders;
      seen.readOnly = rows[0].mode === 'on';
    });
    await writer.stop();

    const { restorePoint, accidentAt, newestOrder } = accident;
    expect(restorePoint.getMilliseconds()).toBe(0);
    expect(seen).toMatchObject({ moment: restorePoint, readOnly: true });
    expect(accidentAt.getTime()).toBeGreaterThan(restorePoint.getTime());
    expect(newestOrder.getTime()).toBeLessThan(restorePoint.getTime());
    expect(seen.meanwhile).toBeGreaterThan(0);
    expect(await ask(`SELECT count(*)::int FROM orders WHERE created_at <= '${restorePoint.toISOString()}'`)).toEqual([
      0,
    ]);
    expect(await ask('SELECT count(*)::int FROM customers')).toEqual([SHOP_ROWS.customers]);
    const [pause] = await ask<number>(
      `SELECT extract(epoch FROM min(created_at) - '${newestOrder.toISOString()}'::timestamptz)::float FROM orders`,
    );
    process.stdout.write(`selling paused for ${Math.round(pause * 1000)} ms\n`);
    expect(pause).toBeLessThan(CAPTURE_SECONDS);

    await server.archive();
    const copy = await engine.restore(backup, restorePoint);
    expect(await ask('SELECT count(*)::int FROM orders', copy)).toEqual([seen.orders]);
    const [newest] = await ask<Date>('SELECT max(created_at) FROM orders', copy);
    expect(newest).toEqual(newestOrder);
    expect(
      await ask(
        'SELECT count(*)::int FROM orders o WHERE NOT EXISTS (SELECT FROM documents WHERE order_id = o.id) AND id > 60000',
        copy,
      ),
    ).toEqual([0]);
    await copy.destroy();
  });

  test('a capture that fails is told, after the accident, and selling goes on', async () => {
    const writer = new ShopWriter(shop);
    await writer.start();
    const failing = writer.accident('orders-deleted', () => Promise.reject(new Error('the capture failed')));
    await expect(failing).rejects.toThrow('the capture failed');
    const sales = writer.sales;
    await sleep(500);
    expect(writer.sales).toBeGreaterThan(sales);
    await writer.stop();
  });

  test('a server that goes away while selling is told by stop, and by nothing else', async () => {
    const copy = await engine.restore(backup);
    const writer = new ShopWriter({ ...shop, application: () => copy.superuser(shop.database) });
    await writer.start();
    await copy.destroy();
    await sleep(200);
    await expect(writer.stop()).rejects.toThrow();
  });
});
