import { log } from '../../shared/log';
import { observe } from '../../verification/engine';
import { postgresServer } from '../../verification/postgres/server';
import type { QueryAnswer, QueryRequest } from './contract';

/**
 * One round of questions to a restored database, from inside the drill network. It reaches no AWS service.
 * @throws LoginRefused while the password does not apply; CannotConnect when the server does not answer
 */
export async function handler(event: QueryRequest): Promise<QueryAnswer> {
  const server = postgresServer({
    address: event.address,
    port: event.port,
    username: event.username,
    password: event.password,
    certificateAuthority: process.env.DATABASE_CERTIFICATE_AUTHORITY || undefined,
  });
  const { observations, cursor } = await observe(event.plan, server, event.cursor, Date.now() + event.budgetMs);
  log.info('round ended', { units: observations.length, done: cursor === null });
  return { observations, cursor };
}
