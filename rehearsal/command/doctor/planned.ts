import { declarationOf, isOfDatabase } from '../../assembly/databases';
import type { AssembledStack } from '../../assembly/read';
import { NamedError } from '../../../lambda/shared/named-error';
import type { Planned, Subject } from './look';

/** What an app deploys to one account and Region; what only a deployment knows may be there. */
export function plannedFor(stacks: readonly AssembledStack[], region: string, account: string | undefined): Planned {
  const here = stacks.filter(
    (stack) => is(stack.region, region) && (account === undefined || is(stack.account, account)),
  );
  if (here.length === 0) {
    const places = [...new Set(stacks.map((stack) => `${stack.region} of ${stack.account}`))].join(', ');
    throw new NamedError(
      'UserError',
      `the app deploys nothing to ${region} of ${account ?? 'this account'}, but to ${places || 'nowhere'}: check profile and Region`,
    );
  }
  const resources = here.flatMap((stack) => stack.resources.map(({ data }) => ({ stack, data })));
  const databases = resources.flatMap(({ stack, data }) => (isOfDatabase(data) ? [{ stack, data }] : []));
  const backedUp = resources.filter(({ data }) => data.sources.some(({ storage }) => storage === 'aws-backup'));
  return {
    subjects: databases.map(({ stack, data }): Subject => {
      const properties = declarationOf(stack, stacks, data.declared)?.Properties ?? {};
      const { name, kind, identifier, engine } = data;
      const { EngineVersion: engineVersion } = properties;
      return {
        ...{ name, kind, engine },
        ...(typeof identifier === 'string' && { identifier }),
        ...(typeof engineVersion === 'string' && { engineVersion }),
      };
    }),
    copiesTo: [...new Set(databases.flatMap(({ data }) => data.sources.map((source) => source.region)))].filter(
      (one) => !is(one, region),
    ),
    backsUp: [...new Set(backedUp.map(({ data }) => (isOfDatabase(data) ? 'databases' : 'buckets')))],
  };
}

/** The cloud assembly's words for what only a deployment knows fit everything. */
function is(declared: string, actual: string): boolean {
  return declared === actual || declared.startsWith('unknown-');
}
