import type { Filter } from '@aws-sdk/client-rds';
import * as rules from './rules';

/** What the filters of a list compare, by their names; a filter accepts identifiers and ARNs alike. */
export type Filterable<T> = Readonly<Record<string, (item: T) => readonly (string | undefined)[]>>;

/** Whether an item is asked for: of every filter one value, whatever its case. A name that matches nothing is no error. */
export function wantedBy<T>(filters: readonly Filter[] | undefined, known: Filterable<T>): (item: T) => boolean {
  const tests = (filters ?? []).map(({ Name: name = '', Values: values = [] }) => {
    const read = known[name];
    if (!read) throw rules.invalid(`Unrecognized filter name: ${name}. Use one of ${Object.keys(known).join(', ')}.`);
    if (values.length === 0) throw rules.invalid(`Filter ${name} has no values.`);
    const wanted = new Set(values.map((value) => value.toLowerCase()));
    return (item: T) => read(item).some((value) => value !== undefined && wanted.has(value.toLowerCase()));
  });
  return (item) => tests.every((test) => test(item));
}
