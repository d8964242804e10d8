import { Client } from 'pg';
import { SUPERUSER } from './configuration';

/** Connects as the server's own superuser, over the socket in the server's home. The caller ends the client. */
export async function connectSuperuser(
  home: string,
  port: number,
  password: string,
  database = 'postgres',
): Promise<Client> {
  // Every field is given: what is absent would come from the user's own PG* variables.
  const client = new Client({ host: home, port, user: SUPERUSER, password, database, ssl: false });
  // A server that stops cuts idle connections; without a listener that would end our process.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Runs work with such a client and ends it. */
export async function asSuperuser<T>(connect: () => Promise<Client>, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
