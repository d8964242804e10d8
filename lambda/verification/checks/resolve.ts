import { matches, parseReference, type Reference } from '../references';
import { list, quoted } from '../text';
import type { TableView, View } from '../view';

export type Resolved =
  { readonly found: TableView } | { readonly status: 'fail' | 'inconclusive'; readonly said: string };

/** The one table that a reference means, or why there is not exactly one. Not having looked everywhere is not absence. */
export function resolveTable(text: string, view: View): Resolved {
  const reference = parseReference(text);
  if (typeof reference === 'string') return { status: 'fail', said: reference };
  const found = matches(reference, view.tables);
  if (found.length === 1) return { found: found[0] };
  if (found.length > 1) {
    const names = list(
      found.map((table) => [table.database, table.schema, table.name].map((part) => view.shown(part)).join('.')),
    );
    return { status: 'fail', said: `${quoted(text)} means more than one table: ${names}; name its schema or database` };
  }
  const gap = view.gap('table');
  if (gap) return { status: 'inconclusive', said: `${quoted(text)} was not found, but ${gap}` };
  const near = candidates(reference, view);
  const hint = near.length > 0 ? `; there is ${list(near, 400)}` : '';
  return { status: 'fail', said: `there is no table ${quoted(text)}${hint} (a view is checked with Check.query)` };
}

/** What was probably meant: the same name written otherwise or elsewhere, else the first few tables. */
function candidates({ table }: Reference, view: View): string[] {
  const wanted = table.name.toLowerCase();
  const near = view.tables.filter(
    ({ name }) => name.toLowerCase().includes(wanted) || (name.length > 3 && wanted.includes(name.toLowerCase())),
  );
  return (near.length > 0 ? near : view.tables.slice(0, 5)).map((each) => view.name(each));
}
