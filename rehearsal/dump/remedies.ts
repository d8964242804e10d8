import { escapeIdentifier, escapeLiteral } from 'pg';
import type { ServerFault } from './server-fault';

/** A statement as the loader runs it. */
export interface Command {
  readonly sql: string;
  readonly words: readonly string[];
}

/** What to do about a statement that the server refused, so that a dump of another server loads here. */
export type Remedy =
  /** Leave the statement out. */
  | { readonly kind: 'skip'; readonly note: string }
  /** Run this as superuser, then the statement again. */
  | { readonly kind: 'prepare'; readonly sql: string; readonly note: string }
  /** Run this in the statement's place. */
  | { readonly kind: 'instead'; readonly sql: string; readonly note: string }
  /** Make the owner a member of every role, then run the statement again. */
  | { readonly kind: 'join-roles' }
  /** Run the statement as superuser. */
  | { readonly kind: 'escalate' };

type Rule = (command: Command, fault: ServerFault) => Remedy | undefined;

const MISSING = new Set(['42P01', '42704', '42883', '3F000', '3D000', '42703']);
const NAME = '("(?:[^"]|"")+"|[^\\s;]+)';

/** In the order in which they are tried; each remedy is tried once per statement. */
export function remediesFor(command: Command, fault: ServerFault): Remedy[] {
  return RULES.map((rule) => rule(command, fault)).filter((remedy) => remedy !== undefined);
}

const dropOfWhatIsNotThere: Rule = ({ words }, { code, message }) => {
  const drops = words[0] === 'drop' || (words[0] === 'alter' && words.includes('drop'));
  const inUse = words[0] === 'drop' && words[1] === 'database' && code === '55006';
  if (!(drops && MISSING.has(code)) && !inUse) return undefined;
  return { kind: 'skip', note: `nothing to drop: ${message}` };
};

const creationOfWhatIsThere: Rule = ({ words: [verb, what, name] }, { code, message }) => {
  const there =
    (code === '42P06' && what === 'schema' && name === 'public') ||
    (code === '42P04' && what === 'database') ||
    (code === '42710' && ['role', 'user', 'group'].includes(what));
  return verb === 'create' && there ? { kind: 'skip', note: `kept what is there: ${message}` } : undefined;
};

const tablespaces: Rule = ({ sql, words }, { message }) => {
  const statement = words.slice(0, 3).includes('tablespace') || (words[0] === 'grant' && words.includes('tablespace'));
  if (statement) return { kind: 'skip', note: 'left tablespaces out' };
  if (!/^tablespace ".*" does not exist$/s.test(message)) return undefined;
  const pattern = new RegExp(`\\s+TABLESPACE\\s*=?\\s*${NAME}`, 'i');
  return pattern.test(sql)
    ? { kind: 'instead', sql: sql.replace(pattern, ''), note: 'left tablespaces out' }
    : undefined;
};

const unknownSettings: Rule = ({ words }, { code, message }) =>
  words[0] === 'set' && !isAuthorization(words) && ['42704', '22023', '42501', '55P02'].includes(code)
    ? { kind: 'skip', note: `left a setting out: ${message}` }
    : undefined;

const missingRole: Rule = (_, { message }) => {
  const name = /^role "(.*)" does not exist$/s.exec(message)?.[1];
  if (name === undefined) return undefined;
  return { kind: 'prepare', sql: `CREATE ROLE ${escapeIdentifier(name)} NOLOGIN`, note: `made the role ${name}` };
};

/** Collations of the source's operating system; ICU sorts the same language wherever it is. */
const missingCollation: Rule = (_, { message }) => {
  const name = /^collation "(.*)" for encoding "\w+" does not exist$/s
    .exec(message)?.[1]
    ?.replace(/^pg_catalog"?\."?/, '');
  if (!name) return undefined;
  const locale = name.replace(/\..*$/, '').replaceAll('_', '-');
  return {
    kind: 'prepare',
    sql: `CREATE COLLATION pg_catalog.${escapeIdentifier(name)} (provider = icu, locale = ${escapeLiteral(locale)})`,
    note: `made the collation ${name} from ICU`,
  };
};

/** Locale, template, encoding and owner are the source machine's. */
const plainDatabase: Rule = ({ sql, words }) => {
  const name = new RegExp(`^CREATE\\s+DATABASE\\s+${NAME}`, 'i').exec(sql)?.[1];
  if (!name || words[1] !== 'database') return undefined;
  const bare = `CREATE DATABASE ${name}`;
  return { kind: 'instead', sql: bare, note: `made the database ${name} with this server's locale and encoding` };
};

/** A real RDS master cannot give these either. */
const privilegedRole: Rule = ({ sql, words }, { code }) => {
  const isRole = ['create', 'alter'].includes(words[0]) && ['role', 'user'].includes(words[1]);
  const pattern = /\s(?:NO)?(?:SUPERUSER|REPLICATION|BYPASSRLS)\b/gi;
  if (!isRole || code !== '42501' || !pattern.test(sql)) return undefined;
  return { kind: 'instead', sql: sql.replaceAll(pattern, ''), note: 'left rights of superusers out of roles' };
};

const foreignGrantor: Rule = ({ sql, words }) => {
  const pattern = new RegExp(`\\s+GRANTED\\s+BY\\s+${NAME}`, 'i');
  return words.includes('granted') && pattern.test(sql)
    ? { kind: 'instead', sql: sql.replace(pattern, ''), note: 'left out who granted what' }
    : undefined;
};

const membership: Rule = (_, { code }) => (code === '42501' ? { kind: 'join-roles' } : undefined);

/** What only a superuser may do, as RDS does it for its users; but never reading and writing files or programs. */
const superuser: Rule = ({ words }, { code }) =>
  code === '42501' && words[0] !== 'copy' ? { kind: 'escalate' } : undefined;

const RULES: readonly Rule[] = [
  dropOfWhatIsNotThere,
  creationOfWhatIsThere,
  tablespaces,
  unknownSettings,
  missingRole,
  missingCollation,
  foreignGrantor,
  membership,
  privilegedRole,
  superuser,
  plainDatabase,
];

/** SET and RESET SESSION AUTHORIZATION, and what resets it along with other things. */
export function isAuthorization(words: readonly string[]): boolean {
  return words.includes('session') && words.includes('authorization') && ['set', 'reset'].includes(words[0]);
}

/** CREATE, ALTER or DROP of a role; its name as written in the catalog. */
export function roleStatement({ sql, words }: Command): string | undefined {
  if (!['create', 'alter', 'drop'].includes(words[0]) || !['role', 'user', 'group'].includes(words[1]))
    return undefined;
  if (words[2] === 'mapping') return undefined;
  const written = new RegExp(`^\\w+\\s+\\w+\\s+(?:IF\\s+EXISTS\\s+)?${NAME}`, 'i').exec(sql)?.[1];
  if (!written) return undefined;
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
}
