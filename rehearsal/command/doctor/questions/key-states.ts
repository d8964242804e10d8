import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { ask } from '../aws';
import { confirmed, each, refuted, type Question } from '../question';

export const keyStates: Question = {
  id: 'key-states',
  asks: 'Every key of a protected database is enabled',
  ask: async (look) =>
    each(
      await look.keys(),
      (key) => key,
      async (key) => {
        const { KeyMetadata } = await ask('kms:DescribeKey', () =>
          look.aws.kms.send(new DescribeKeyCommand({ KeyId: key })),
        );
        const { KeyState: state } = KeyMetadata ?? {};
        if (state === 'Enabled') return confirmed('It is.', key);
        return refuted(`It is ${state}.`, {
          about: key,
          means: 'Nothing that is encrypted under it can be restored.',
          nextStep:
            state === 'PendingDeletion'
              ? `\`aws kms cancel-key-deletion --key-id ${key}\`, then \`aws kms enable-key --key-id ${key}\``
              : `\`aws kms enable-key --key-id ${key}\``,
        });
      },
    ),
};
