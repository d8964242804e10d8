import { quoted } from './text';

/** One part of a reference; unquoted parts also match in lower case, as SQL folds them. */
interface Part {
  readonly name: string;
  readonly exact: boolean;
}

export interface Reference {
  readonly database?: Part;
  readonly schema?: Part;
  readonly table: Part;
}

export interface Place {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
}

/**
 * Reads `table`, `schema.table` or `database.schema.table`; parts may be in double quotes.
 * @returns the reference, or a sentence that says what is wrong with it.
 */
export function parseReference(text: string): Reference | string {
  const parts = split(text);
  if (!parts || parts.length > 3) {
    return `${quoted(text)} is not a table: write table, schema.table or database.schema.table, parts with dots in double quotes`;
  }
  const [table, schema, database] = parts.reverse();
  return { table, schema, database };
}

/** The places that a reference means: by exact name, else, where unquoted, in lower case. */
export function matches<P extends Place>(reference: Reference, places: readonly P[]): P[] {
  const exactly = places.filter((place) => fits(reference, place, (part) => part.name));
  if (exactly.length > 0) return exactly;
  return places.filter((place) => fits(reference, place, (part) => (part.exact ? part.name : part.name.toLowerCase())));
}

/** The column that a name means, by the same rule. */
export function matchColumn(name: string, columns: readonly string[]): string | undefined {
  const bare = /^"(?:[^"]|"")+"$/.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name;
  return (
    columns.find((column) => column === bare) ??
    columns.find((column) => bare === name && column === bare.toLowerCase())
  );
}

function fits(reference: Reference, place: Place, fold: (part: Part) => string): boolean {
  return (
    fold(reference.table) === place.name &&
    (!reference.schema || fold(reference.schema) === place.schema) &&
    (!reference.database || fold(reference.database) === place.database)
  );
}

function split(text: string): Part[] | null {
  const parts: Part[] = [];
  const part = /(?:"((?:[^"]|"")+)"|([^".\s][^".]*))(\.|$)/gy;
  while (part.lastIndex < text.length) {
    const found = part.exec(text);
    if (!found) return null;
    const exact = found[1] !== undefined;
    parts.push({ name: exact ? found[1].replaceAll('""', '"') : found[2].trim(), exact });
    if (found[3] === '.' && part.lastIndex === text.length) return null;
  }
  return parts.length > 0 ? parts : null;
}
