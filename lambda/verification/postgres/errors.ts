import { CannotConnect, DatabaseError, LoginRefused, type Reason } from '../port';
import { plain } from '../text';

const STATES: readonly (readonly [RegExp, Reason])[] = [
  [/^42501$/, 'privilege'],
  [/^57014$/, 'timeout'],
  [/^(08...|57P0[1-5]|25P0[34])$/, 'lost'],
  [/^(42P01|42703|42883|42704|3F000|3D000)$/, 'missing'],
  // Broken pages, missing TOAST, files that cannot be read: the server itself says that the data is bad.
  [/^(XX00[12]|58030|58P01)$/, 'damaged'],
  [/^22...$/, 'data'],
];

/** A failed statement in the port's words. Without SQLSTATE it is the connection that failed. */
export function statementError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { code, message } = parts(error);
  if (!isSqlState(code)) return new DatabaseError('lost', message, code);
  return new DatabaseError(STATES.find(([pattern]) => pattern.test(code))?.[1] ?? 'other', message, code);
}

/** A failed connect in the port's words. */
export function connectError(error: unknown, where: string): Error {
  const { code, message } = parts(error);
  if (code === '28P01' || code === '28000') return new LoginRefused(`${where} refuses the login: ${message}`);
  if (code === '42501') return new DatabaseError('privilege', message, code);
  if (code === '3D000') return new DatabaseError('missing', message, code);
  return new CannotConnect(`cannot connect to ${where}: ${message}${code ? ` (${code})` : ''}`);
}

function isSqlState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E');
}

function parts(error: unknown): { code: string; message: string } {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const text = typeof message === 'string' && message !== '' ? message : String(code ?? error);
  return { code: typeof code === 'string' ? code : '', message: plain(text) };
}
