/** A line of a log as Logs Insights sees it: its fields, and when it was written. */
export interface LogLine {
  readonly at: Date;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The commands of Logs Insights that the library's dashboard asks with; any other is refused by name. */
export function answer(query: string, lines: readonly LogLine[]): Table {
  const commands = query.split(/\s*\|\s*/).filter((command) => !command.startsWith('SOURCE '));
  let columns: string[] = [];
  let found = lines;
  for (const command of commands) {
    const [, verb, rest] = /^(\w+) (.*)$/.exec(command) ?? [];
    switch (verb) {
      case 'fields':
        columns = rest.split(/,\s*/);
        break;
      case 'filter': {
        const [, field, value] = /^(\w+) = "([^"]*)"$/.exec(rest) ?? [];
        found = found.filter(({ fields }) => fields[field] === value);
        break;
      }
      case 'sort':
        if (rest !== '@timestamp desc') throw new Error(`sorting by ${rest} is not rehearsed`);
        found = [...found].sort((a, b) => b.at.getTime() - a.at.getTime());
        break;
      case 'dedup':
        found = found.filter(
          (line, index) => found.findIndex((other) => other.fields[rest] === line.fields[rest]) === index,
        );
        break;
      case 'limit':
        found = found.slice(0, Number(rest));
        break;
      default:
        throw new Error(`the command ${command} of a log query is not rehearsed`);
    }
  }
  const cell = ({ at, fields }: LogLine, column: string) =>
    column === '@timestamp' ? at.toISOString().replace('T', ' ').slice(0, 19) : String(fields[column] ?? '');
  return { columns, rows: found.map((line) => columns.map((column) => cell(line, column))) };
}
