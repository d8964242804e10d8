import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import type { Profile } from '../../lib/private/contract/verification';
import { capture } from '../../lambda/verification/engine';
import { heldServer, postgresServer } from '../../lambda/verification/postgres/server';
import type { RunningDatabase } from '../database-engine';

/** A client that holds a snapshot of one database. */
export interface Held {
  readonly client: Client;
  readonly database: string;
}

/**
 * The exact profile of the source, by the capture code that ships. Read by a login of its own that may read everything:
 * what the drill's login may not read is the drill's to find out.
 */
export async function captureBaseline(
  database: RunningDatabase,
  certificateAuthority: string,
  held?: Held,
): Promise<Profile> {
  const username = `baseline_${randomBytes(4).toString('hex')}`;
  const password = randomBytes(18).toString('base64url');
  const superuser = await database.superuser();
  try {
    await superuser.query(`create role ${username} login password '${password}' bypassrls in role pg_read_all_data`);
    const { address, port } = database;
    const server = postgresServer({ address, port, username, password, certificateAuthority });
    return await capture(held ? heldServer(held.client, held.database, server) : server);
  } finally {
    await superuser.query(`drop role if exists ${username}`).catch(() => undefined);
    await superuser.end();
  }
}
