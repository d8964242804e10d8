import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { RunningDatabase } from '../database-engine';
import { FILL } from './rows';
import { CONSTRAINTS, TABLES } from './schema';

export const SHOP_DATABASE = 'shop';
const APPLICATION = 'shop_app';

/** A shop's database on a server, and the ways into it. */
export interface Shop {
  readonly server: RunningDatabase;
  /** `shop`. */
  readonly database: string;
  /** A client of the application's login, over TLS. The caller ends it. */
  application(): Promise<Client>;
  /** A client with the rights of the master and no more. The caller ends it. */
  master(): Promise<Client>;
}

/**
 * Makes the database `shop` with 300,000 rows in seven tables that belong to the application's own login; the master
 * may read them, as in a production where somebody thought of restores.
 * @param certificateAuthority PEM of what the server's certificate is signed by
 */
export async function createShop(server: RunningDatabase, certificateAuthority: string): Promise<Shop> {
  const password = randomBytes(24).toString('base64url');
  const shop: Shop = {
    server,
    database: SHOP_DATABASE,
    application: () => connectApplication(server, certificateAuthority, password),
    master: () => connectAsMaster(server),
  };
  await makeDatabase(server, password);
  await fill(server);
  return shop;
}

async function makeDatabase(server: RunningDatabase, password: string): Promise<void> {
  const client = await server.superuser();
  try {
    await client.query(`CREATE ROLE ${APPLICATION} LOGIN PASSWORD ${escapeLiteral(password)}`);
    await client.query(`CREATE DATABASE ${SHOP_DATABASE} OWNER ${escapeIdentifier(server.masterUsername)}`);
  } finally {
    await client.end();
  }
}

async function fill(server: RunningDatabase): Promise<void> {
  const client = await server.superuser(SHOP_DATABASE);
  const master = escapeIdentifier(server.masterUsername);
  try {
    await client.query(`
      GRANT CREATE ON SCHEMA public TO ${APPLICATION};
      SET SESSION AUTHORIZATION ${APPLICATION};
      ${TABLES}
      ${FILL}
      ${CONSTRAINTS}
      GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${master};
      GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO ${master};
      ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO ${master};
      RESET SESSION AUTHORIZATION;
    `);
    // What autovacuum would do within its first minutes.
    await client.query('VACUUM (ANALYZE)');
  } finally {
    await client.end();
  }
}

async function connectApplication(
  server: RunningDatabase,
  certificateAuthority: string,
  password: string,
): Promise<Client> {
  const { address: host, port } = server;
  const ssl = { ca: certificateAuthority };
  const client = new Client({ host, port, user: APPLICATION, password, database: SHOP_DATABASE, ssl });
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function connectAsMaster(server: RunningDatabase): Promise<Client> {
  const client = await server.superuser(SHOP_DATABASE);
  await client.query(`SET SESSION AUTHORIZATION ${escapeIdentifier(server.masterUsername)}`);
  return client;
}
