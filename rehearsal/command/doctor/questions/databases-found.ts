import { confirmed, each, refuted, type Question } from '../question';

export const databasesFound: Question = {
  id: 'databases-found',
  asks: 'Every protected database is there, in this account and Region, under the identifier that the app names',
  ask: async (look) => {
    const named = (await look.subjects()).filter(({ identifier }) => identifier !== undefined);
    return each(
      named,
      ({ name }) => name,
      async ({ name, kind, identifier = '' }) => {
        const found =
          kind === 'db-instance'
            ? (await look.instances()).map(({ DBInstanceIdentifier }) => DBInstanceIdentifier)
            : (await look.clusters()).map(({ DBClusterIdentifier }) => DBClusterIdentifier);
        if (found.includes(identifier.toLowerCase())) return confirmed(`${identifier} is.`, name);
        return refuted(`There is no ${kind === 'db-instance' ? 'instance' : 'cluster'} ${identifier}.`, {
          about: name,
          means: 'Nothing protects what it was meant to, and its alarm goes off.',
          nextStep: 'Correct the identifier in the app, or take the database out of its plan.',
        });
      },
    );
  },
};
