import { NamedError } from '../../../lambda/shared/named-error';
import type { Protected } from './protected';

/** What is backed up: one protected resource, by its name or its identifier, or all of one site. */
export function choose(found: readonly Protected[], resource: string | undefined): readonly Protected[] {
  if (found.length === 0) throw new NamedError('UserError', 'the recovery site protects nothing yet');
  const wanted =
    resource === undefined
      ? found
      : found.filter(({ name, identifier }) => name === resource || identifier === resource.toLowerCase());
  if (wanted.length === 0) {
    const known = found.map(({ name, identifier }) => `${name} (${identifier})`).join(', ');
    throw new NamedError('UserError', `nothing named ${JSON.stringify(resource)} is protected; protected: ${known}`);
  }
  const sites = [...new Set(wanted.map(({ site }) => site))];
  if (sites.length > 1) {
    const what =
      resource === undefined
        ? 'there are several recovery sites'
        : `several recovery sites protect ${JSON.stringify(resource)}`;
    throw new NamedError('UserError', `${what}: name one with --site: ${sites.join(', ')}`);
  }
  // Two plans may protect one database; one snapshot of it is enough.
  return wanted.filter(
    ({ kind, identifier }, index) =>
      wanted.findIndex((one) => one.kind === kind && one.identifier === identifier) === index,
  );
}
