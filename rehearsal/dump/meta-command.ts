/**
 * `\connect` as psql reads it: unquoted text is folded to lower case, "..." is kept as it is, '...' knows backslashes,
 * and a trailing semicolon is no part of the name.
 */
export type MetaAction =
  | { readonly kind: 'ignore' }
  /** Absent: the current database again. */
  | { readonly kind: 'connect'; readonly database?: string }
  | { readonly kind: 'refuse'; readonly reason: string };

const REFUSED = 'no other meta-command than \\connect, \\restrict and \\unrestrict is run here';
const ONLY_DATABASE = 'only a database can be connected to: leave out user, host and port';

/** @param command with its backslash */
export function readMetaCommand(command: string): MetaAction {
  const [, name, rest] = /^\\([A-Za-z]*|.)(.*)$/s.exec(command) ?? [];
  if (name === 'restrict' || name === 'unrestrict') return { kind: 'ignore' };
  // pg_dump writes this, and this alone, before it connects to a database with an unusual name.
  if (/^\\encoding\s+SQL_ASCII$/.test(command)) return { kind: 'ignore' };
  if (name !== 'c' && name !== 'connect') return { kind: 'refuse', reason: REFUSED };
  if (rest !== '' && !/^[\s"']/.test(rest)) return { kind: 'refuse', reason: REFUSED };
  const words = readArguments(rest);
  if (!words) return { kind: 'refuse', reason: 'a quote has no end' };
  if (words[0]?.startsWith('-reuse-previous=')) words.shift();
  const [database, ...others] = words;
  if (others.some((other) => other !== '-')) return { kind: 'refuse', reason: ONLY_DATABASE };
  if (!database || database === '-') return { kind: 'connect' };
  return connectionTo(database);
}

function connectionTo(database: string): MetaAction {
  if (/^postgres(?:ql)?:\/\//.test(database)) return { kind: 'refuse', reason: ONLY_DATABASE };
  if (!database.includes('=')) return { kind: 'connect', database };
  // pg_dump writes names with unusual signs as a connection string of dbname alone.
  const [, quoted, plain] = /^\s*dbname\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^\s'\\]+))\s*$/s.exec(database) ?? [];
  if (quoted === undefined && plain === undefined) return { kind: 'refuse', reason: ONLY_DATABASE };
  return { kind: 'connect', database: plain ?? quoted.replaceAll(/\\(.)/gs, '$1') };
}

const ARGUMENT = /\s*((?:"(?:[^"]|"")*"|'(?:[^'\\]|''|\\.)*'|[^\s"'])+)/gsy;
const PART = /"((?:[^"]|"")*)"|'((?:[^'\\]|''|\\.)*)'|([^\s"']+)/gs;

/** Undefined when a quote does not end. */
function readArguments(text: string): string[] | undefined {
  const words: string[] = [];
  let rest = 0;
  ARGUMENT.lastIndex = 0;
  for (let found; (found = ARGUMENT.exec(text)); rest = ARGUMENT.lastIndex) {
    const word = found[1].replaceAll(PART, (_, name?: string, literal?: string, plain?: string) => {
      if (name !== undefined) return name.replaceAll('""', '"');
      if (literal !== undefined) return literal.replaceAll(/''|\\(.)/gs, (both, sign?: string) => sign ?? both[0]);
      return (plain ?? '').toLowerCase();
    });
    const isPlain = !/["']/.test(found[1].slice(-1));
    words.push(isPlain ? word.replace(/;+$/, '') : word);
  }
  return text.slice(rest).trim() === '' ? words.filter((word, index) => word !== '' || index === 0) : undefined;
}
