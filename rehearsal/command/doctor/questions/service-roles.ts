import { GetRoleCommand } from '@aws-sdk/client-iam';
import { nameOf } from '../../../../lambda/shared/named-error';
import { ask } from '../aws';
import { confirmed, each, refuted, type Question } from '../question';

const ROLES = [
  { role: 'AWSServiceRoleForRDS', service: 'rds.amazonaws.com', backup: false },
  { role: 'AWSServiceRoleForBackup', service: 'backup.amazonaws.com', backup: true },
];

export const serviceRoles: Question = {
  id: 'service-roles',
  asks: 'The service-linked roles of RDS and AWS Backup exist',
  ask: async (look) => {
    const backup = (await look.backsUp('databases')) || (await look.backsUp('buckets'));
    return each(
      ROLES.filter((one) => backup || !one.backup),
      ({ role }) => role,
      async ({ role, service }) => {
        try {
          await ask('iam:GetRole', () => look.aws.iam.send(new GetRoleCommand({ RoleName: role })));
          return confirmed('It does.', role);
        } catch (error) {
          if (nameOf(error) !== 'NoSuchEntityException') throw error;
          return refuted('It does not.', {
            about: role,
            means: 'The first backup or restore has to make it, for which the roles of a site have no right.',
            nextStep: `\`aws iam create-service-linked-role --aws-service-name ${service}\``,
          });
        }
      },
    );
  },
};
