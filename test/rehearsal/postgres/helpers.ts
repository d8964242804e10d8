import { Client } from 'pg';
import type { DatabaseEngine, RunningDatabase } from '../../../rehearsal/database-engine';

export const MASTER = { masterUsername: 'master', masterPassword: `p'a"ss; \\ drop` };

/** Connects as the master over TLS, trusting the engine's authority alone. */
export async function connectMaster(
  engine: DatabaseEngine,
  database: RunningDatabase,
  options: { database?: string; password?: string } = {},
): Promise<Client> {
  const client = new Client({
    host: database.address,
    port: database.port,
    user: database.masterUsername,
    password: options.password ?? MASTER.masterPassword,
    database: options.database ?? 'postgres',
    ssl: { ca: engine.certificateAuthority },
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}

export async function query<T>(client: Client, sql: string): Promise<T[]> {
  return (await client.query(sql)).rows as T[];
}

/** Runs one query as the master and disconnects. */
export async function ask<T>(engine: DatabaseEngine, database: RunningDatabase, sql: string): Promise<T[]> {
  const client = await connectMaster(engine, database);
  try {
    return await query<T>(client, sql);
  } finally {
    await client.end();
  }
}
