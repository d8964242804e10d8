import { DescribeOptionGroupsCommand } from '@aws-sdk/client-rds';
import { nameOf } from '../../../../lambda/shared/named-error';
import { ask } from '../aws';
import { confirmed, each, refuted, type Question } from '../question';
import { postgresMajors } from './engine-majors';

export const optionGroups: Question = {
  id: 'option-groups',
  asks: 'The default option group of each PostgreSQL major in use is named default:postgres-NN, and exists',
  ask: async (look) =>
    each(
      (await postgresMajors(look)).map((major) => `default:postgres-${major}`),
      (name) => name,
      async (name) => {
        try {
          await ask('rds:DescribeOptionGroups', () =>
            look.aws.rds.send(new DescribeOptionGroupsCommand({ OptionGroupName: name })),
          );
          return confirmed('It exists.', name);
        } catch (error) {
          if (nameOf(error) !== 'OptionGroupNotFoundFault') throw error;
          return refuted('It does not exist.', {
            about: name,
            means: 'A drill of that major may fail with OptionGroupNotFoundFault.',
            nextStep: 'RDS makes it with the first instance of the major; if the instance is there, report it.',
          });
        }
      },
    ),
};
