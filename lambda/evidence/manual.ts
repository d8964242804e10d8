import type { Facts } from './facts';
import { leftOut } from './required';
import { MANUAL_OF_FILES } from './restored-files';
import { sourceName } from './source-names';
import { moment, oneLine } from './text';
import { causeOf } from './verdicts';

/** What no check of this drill covers, in sentences: a person has to judge it. */
export function manualOf(facts: Facts): string[] {
  return [...leftovers(facts), ...ofThisDrill(facts), ...ofEveryDrill(facts)];
}

function leftovers({ state }: Facts): string[] {
  const failure = state.teardownFailure;
  if (!failure) return [];
  const cause = oneLine(causeOf(failure).message, 300).replace(/\.$/, '') || 'no cause was given';
  return [
    `Teardown ended with ${oneLine(failure.Error, 80)}: ${cause}. The sweeper removes what is left after ${moment(state.drill.expiresAt)}; see that it does.`,
  ];
}

function ofThisDrill({ definition, state, results }: Facts): string[] {
  const said: string[] = [];
  const tables = results?.profile?.tables ?? [];
  const isOfFiles = definition.resource.engine === 's3';
  if (!isOfFiles && !definition.checks.some((check) => check.kind === 'freshness')) {
    said.push(
      'How much data a disaster would cost was not measured from the data: declare Check.freshness(table, column) on a table that is written to all the time.',
    );
  }
  if (tables.length > 0 && !tables.some((table) => table.content !== undefined)) {
    said.push('Rows were counted and read, but values were not compared with the source.');
  }
  for (const [check, reason] of leftOut(definition))
    said.push(`Standard check ${check} was left out in the plan: ${oneLine(reason, 300)}.`);
  const others = definition.sources
    .filter((source) => source.kind !== state.source?.kind)
    .map(({ kind }) => sourceName(kind));
  if (state.source && others.length > 0)
    said.push(`Not exercised this time, since sources take turns: ${others.join(', ')}.`);
  return said;
}

function ofEveryDrill({ state, definition }: Facts): string[] {
  if (!state.restore) return [];
  if (state.source?.files) return MANUAL_OF_FILES;
  return [
    'Whether the application works on the recovered database: no journey was run.',
    ...(definition.checks.some(({ kind }) => kind === 'files-exist')
      ? []
      : ['Whether files that rows point to (documents, images) still exist: declare Check.filesExist.']),
    'Whether applications and people can log in with their own users and rights: the checks used the master login.',
    'Whether the recovered instance would be charged for Extended Support: look at the end of standard support of its version.',
  ];
}
