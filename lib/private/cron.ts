import { show, ValidationError } from './validation';

/** One field of a cron expression as EventBridge Scheduler reads it: bounds, names, and the letters it also takes. */
interface Field {
  readonly name: string;
  readonly lowest: number;
  readonly highest: number;
  readonly names?: readonly string[];
  /** `?`, `L`, `W`, `#` forms, as a whole value. */
  readonly special?: RegExp;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const FIELDS: readonly Field[] = [
  { name: 'minutes', lowest: 0, highest: 59 },
  { name: 'hours', lowest: 0, highest: 23 },
  { name: 'day of month', lowest: 1, highest: 31, special: /^(\?|L|LW|L-([1-9]|[12]\d|30)|([1-9]|[12]\d|3[01])W)$/ },
  { name: 'month', lowest: 1, highest: 12, names: MONTHS },
  {
    name: 'day of week',
    lowest: 1,
    highest: 7,
    names: DAYS,
    special: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/,
  },
  { name: 'year', lowest: 1970, highest: 2199 },
];

/** Checks `cron(minutes hours day-of-month month day-of-week year)`. CloudFormation finds mistakes only at deployment. */
export function requireCron(expression: string): void {
  const inner = /^cron\((.*)\)$/.exec(expression)?.[1];
  const values = inner?.trim().split(/\s+/) ?? [];
  if (values.length !== FIELDS.length) {
    throw new ValidationError(
      `a drill's schedule must be cron(minutes hours day-of-month month day-of-week year), six fields, got: ${show(expression)}`,
    );
  }
  FIELDS.forEach((field, index) => requireField(field, values[index].toUpperCase(), expression));
  if ((values[2] === '?') === (values[4] === '?')) {
    throw new ValidationError(
      `in a drill's schedule exactly one of day-of-month and day-of-week must be "?", got: ${show(expression)}`,
    );
  }
}

function requireField(field: Field, value: string, expression: string): void {
  const good = field.special?.test(value) || value.split(',').every((part) => isPart(field, part));
  if (!good) {
    throw new ValidationError(
      `${field.name} of a drill's schedule must be from ${field.lowest} to ${field.highest}, got: ${show(value)} in ${show(expression)}`,
    );
  }
}

/** `*`, `a`, `a-b`, and each of them with `/step`. */
function isPart(field: Field, part: string): boolean {
  const [range, step, more] = part.split('/');
  if (more !== undefined) return false;
  if (step !== undefined && !/^[1-9]\d{0,3}$/.test(step)) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((end) => valueOf(field, end));
  if (ends.length > 2 || ends.some((end) => end === undefined)) return false;
  return ends.length === 1 || field.names !== undefined || ends[0]! <= ends[1]!;
}

function valueOf(field: Field, text: string): number | undefined {
  const named = field.names?.indexOf(text) ?? -1;
  if (named >= 0) return named + 1;
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= field.lowest && value <= field.highest ? value : undefined;
}
