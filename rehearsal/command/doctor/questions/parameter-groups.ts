import { DescribeDBParameterGroupsCommand } from '@aws-sdk/client-rds';
import { nameOf } from '../../../../lambda/shared/named-error';
import { ask } from '../aws';
import { confirmed, each, refuted, type Question } from '../question';
import { postgresMajors } from './engine-majors';

export const parameterGroups: Question = {
  id: 'parameter-groups',
  asks: 'The default parameter group of each PostgreSQL major in use is named default.postgresNN, and exists',
  ask: async (look) =>
    each(
      (await postgresMajors(look)).map((major) => `default.postgres${major}`),
      (name) => name,
      async (name) => {
        try {
          await ask('rds:DescribeDBParameterGroups', () =>
            look.aws.rds.send(new DescribeDBParameterGroupsCommand({ DBParameterGroupName: name })),
          );
          return confirmed('It exists.', name);
        } catch (error) {
          if (nameOf(error) !== 'DBParameterGroupNotFoundFault') throw error;
          return refuted('It does not exist.', {
            about: name,
            means: 'A drill of that major may fail with DBParameterGroupNotFoundFault.',
            nextStep: 'RDS makes it with the first instance of the major; if the instance is there, report it.',
          });
        }
      },
    ),
};
