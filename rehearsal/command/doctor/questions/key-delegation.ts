import { DescribeKeyCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { ask } from '../aws';
import { confirmed, each, refuted, type Question } from '../question';

/** What a restore takes of a key, by the rights of a role. */
const NEEDED = ['kms:DescribeKey', 'kms:CreateGrant'];

export const keyDelegation: Question = {
  id: 'key-delegation',
  asks: 'The policy of every key of a protected database leaves its use to IAM',
  ask: async (look) =>
    each(
      await look.keys(),
      (key) => key,
      async (key) => {
        const { KeyMetadata } = await ask('kms:DescribeKey', () =>
          look.aws.kms.send(new DescribeKeyCommand({ KeyId: key })),
        );
        if (KeyMetadata?.KeyManager === 'AWS') {
          return confirmed('It is managed by AWS: whoever may call RDS may use it there, in this account alone.', key);
        }
        const { Policy } = await ask('kms:GetKeyPolicy', () =>
          look.aws.kms.send(new GetKeyPolicyCommand({ KeyId: key, PolicyName: 'default' })),
        );
        const [, partition, , , account] = key.split(':');
        if (NEEDED.every((action) => delegates(JSON.parse(Policy ?? '{}') as Policy, account, action))) {
          return confirmed('It does.', key);
        }
        return refuted(`It does not allow ${NEEDED.join(' and ')} to the account.`, {
          about: key,
          means:
            'Restores of drills fail with KMSKeyNotAccessibleFault unless the policy names their roles, and copies do not work.',
          nextStep: `Allow kms:* to arn:${partition}:iam::${account}:root in the policy of the key, as AWS's default policy does, or name the roles of the site.`,
        });
      },
    ),
};

interface Policy {
  readonly Statement?: Statement | readonly Statement[];
}

interface Statement {
  readonly Effect?: string;
  readonly Principal?: string | { readonly AWS?: string | readonly string[] };
  readonly Action?: string | readonly string[];
  readonly Condition?: object;
}

/** Only what is allowed to the account as a whole, without a condition, is IAM's to give. */
function delegates(policy: Policy, account: string, action: string): boolean {
  return list(policy.Statement).some(
    ({ Effect, Principal, Action, Condition }) =>
      Effect === 'Allow' &&
      Condition === undefined &&
      list(typeof Principal === 'string' ? Principal : Principal?.AWS).some((one) => isAccount(one, account)) &&
      list(Action).some((pattern) => covers(pattern, action)),
  );
}

function isAccount(principal: string, account: string): boolean {
  return principal === '*' || principal === account || new RegExp(`^arn:[^:]+:iam::${account}:root$`).test(principal);
}

function covers(pattern: string, action: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'i').test(action);
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
