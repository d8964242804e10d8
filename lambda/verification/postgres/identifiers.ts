/** An identifier as PostgreSQL reads it back exactly, whatever it holds. */
export function identifier(name: string): string {
  if (name === '' || name.includes('\0'))
    throw new RangeError('an identifier must be 1 or more characters without NUL');
  return `"${name.replaceAll('"', '""')}"`;
}

export function qualified(schema: string, name: string): string {
  return `${identifier(schema)}.${identifier(name)}`;
}
