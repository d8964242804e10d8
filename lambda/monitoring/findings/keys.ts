import type { KeyFacts } from '../account/keys';
import type { Draft } from './draft';
import { stopsRestores } from './key-policy';

/** A key, and what is encrypted under it. */
export interface KeyUse {
  readonly keyArn: string;
  /** `<plan>/<resource>`, sorted. */
  readonly resources: readonly string[];
  /** Whether a source of theirs cannot be restored without it. */
  readonly blocks: boolean;
}

/** States in which a key encrypts and decrypts, or soon will. */
const USABLE = ['Enabled', 'Creating', 'Updating'];

const STATES: Readonly<Record<string, string>> = {
  Disabled: 'is disabled',
  PendingDeletion: 'is scheduled for deletion',
  PendingReplicaDeletion: 'is scheduled for deletion',
  PendingImport: 'has no key material',
  Unavailable: 'is unavailable',
  NotFound: 'does not exist any more',
};

/** @param account whose restores are asked about. */
export function keyFindings(use: KeyUse, facts: KeyFacts, account: string): Draft[] {
  if (facts.state === 'Denied') return [unseen(use, 'may not be looked at by the monitor')];
  if (!USABLE.includes(facts.state)) return [unusable(use, facts.state)];
  if (facts.policy === undefined) return [];
  if (facts.policy === 'denied') return [unseen(use, 'has a policy that the monitor may not read')];
  const stops = stopsRestores(facts.policy, account);
  if (stops === undefined) return [];
  return [stops === 'unreadable' ? unseen(use, 'has a policy that is not understood') : policy(use, stops)];
}

export function keyCause(keyArn: string): string {
  return `key ${keyArn}`;
}

function unusable({ keyArn, resources, blocks }: KeyUse, state: string): Draft {
  return {
    id: 'key-unusable',
    severity: blocks ? 'page' : 'ticket',
    cause: keyCause(keyArn),
    what: `Key ${keyArn} ${STATES[state] ?? `is ${state}`}.`,
    means: blocks
      ? `Nothing under it can be restored: ${named(resources)}.`
      : `What is to be encrypted under it cannot be: ${named(resources)}.`,
    nextStep: remedy(keyArn, state),
  };
}

function remedy(keyArn: string, state: string): string {
  const region = keyArn.split(':')[3];
  const enable = `\`aws kms enable-key --key-id ${keyArn} --region ${region}\``;
  if (state === 'Disabled') return `Enable it: ${enable}.`;
  if (state.startsWith('Pending') && state.endsWith('Deletion')) {
    return `Keep it, before its waiting time is over: \`aws kms cancel-key-deletion --key-id ${keyArn} --region ${region}\`, then ${enable}.`;
  }
  if (state === 'NotFound')
    return 'Restore from a copy that is under another key, and encrypt the database under a key that you keep.';
  return `See what it lacks: \`aws kms describe-key --key-id ${keyArn} --region ${region}\`.`;
}

/** Its cause is not that of a key that is disabled: a ticket must not stand where a page belongs. */
function policy({ keyArn, resources }: KeyUse, stops: string): Draft {
  return {
    id: 'key-policy',
    severity: 'ticket',
    cause: `key policy ${keyArn}`,
    what: `The policy of key ${keyArn} would stop a restore: ${stops}.`,
    means: `What is under it cannot be restored, by a drill or for real: ${named(resources)}.`,
    nextStep: `Let the account's IAM policies decide, with the statement that KMS gives every key; what is there now: \`aws kms get-key-policy --key-id ${keyArn} --region ${keyArn.split(':')[3]}\`.`,
  };
}

function unseen({ keyArn, resources }: KeyUse, why: string): Draft {
  return {
    id: 'key-unseen',
    severity: 'digest',
    cause: `key unseen ${keyArn}`,
    what: `Key ${keyArn} ${why}.`,
    means: `Whether it would let ${named(resources)} be restored is not known until a drill shows it.`,
    nextStep: 'Let the role of the monitor call kms:DescribeKey and kms:GetKeyPolicy on it, in the key’s own policy.',
  };
}

/** A sentence holds a few names; the message lists all. */
export function named(resources: readonly string[]): string {
  const [first = 'no resource', second, ...more] = resources;
  if (second === undefined) return first;
  return more.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${more.length} more`;
}
