import type { Lack } from '../observations';
import { plain } from '../text';
import { identifier, qualified } from './identifiers';

/** From this many tables of one schema on, one statement for the whole schema is what a person would run. */
const MANY = 10;

export interface LackingDatabase {
  readonly database: string;
  readonly lacks: readonly Lack[];
}

/**
 * The exact SQL that gives what was missing, each statement once; to be run on the source by the owner of what it names.
 * Statements that must run in a database other than the only one are headed by a comment that names it.
 */
export function grantSql(
  login: string,
  lacking: readonly LackingDatabase[],
  nameDatabases: boolean,
): string | undefined {
  const blocks = lacking
    .map(({ database, lacks }) => ({ database, statements: statements(login, lacks) }))
    .filter(({ statements: some }) => some.length > 0)
    .map(({ database, statements: some }) => {
      const heading = nameDatabases && database !== '' ? [comment(`in database ${identifier(database)}`)] : [];
      return [...heading, ...some].join('\n');
    });
  return blocks.length > 0 ? blocks.join('\n') : undefined;
}

/** A comment that ends where it should on one line too, whatever a name holds. */
function comment(text: string): string {
  return `/* ${plain(text, 200).replace(/\*(?=\/)|\/(?=\*)/g, '$& ')} */`;
}

function statements(login: string, lacks: readonly Lack[]): string[] {
  const to = `TO ${identifier(login)};`;
  const selects = lacks.filter((lack) => lack.right === 'select');
  const crowded = new Set(selects.map((lack) => lack.schema).filter((schema) => tablesIn(selects, schema) > MANY));
  const all = lacks.map((lack) => {
    switch (lack.right) {
      case 'connect':
        return `GRANT CONNECT ON DATABASE ${identifier(lack.database)} ${to}`;
      case 'usage':
        return `GRANT USAGE ON SCHEMA ${identifier(lack.schema)} ${to}`;
      case 'select':
        return crowded.has(lack.schema)
          ? `GRANT SELECT ON ALL TABLES IN SCHEMA ${identifier(lack.schema)} ${to}`
          : `GRANT SELECT ON TABLE ${qualified(lack.schema, lack.name)} ${to}`;
      case 'member':
        return `GRANT ${identifier(lack.role)} ${to}`;
      case 'bypass-row-security':
        return `ALTER ROLE ${identifier(login)} BYPASSRLS;`;
    }
  });
  return [...new Set(all)];
}

function tablesIn(selects: readonly { schema: string; name: string }[], schema: string): number {
  return new Set(selects.filter((lack) => lack.schema === schema).map((lack) => lack.name)).size;
}
