import {
  InvalidNextTokenException$,
  type ListSecretsRequest,
  type ListSecretsResponse,
} from '@aws-sdk/client-secrets-manager';
import { modelled } from '../protocol/types';
import { notRehearsed } from '../service';
import { describeSecret, type Secret } from './rehearsed-secrets';

/** One page of secrets, oldest first; every filter must hold. */
export function listSecrets(secrets: readonly Secret[], input: ListSecretsRequest): ListSecretsResponse {
  const wanted = secrets
    .filter((secret) => input.IncludePlannedDeletion || !secret.deletionAt)
    .filter((secret) => (input.Filters ?? []).every((filter) => fits(secret, filter.Key, filter.Values ?? [])));
  const start = input.NextToken === undefined ? 0 : positionOf(input.NextToken);
  const end = start + (input.MaxResults ?? 100);
  return {
    SecretList: wanted.slice(start, end).map(describeSecret),
    ...(end < wanted.length && { NextToken: Buffer.from(`at:${end}`).toString('base64') }),
  };
}

/** Values are prefixes; a leading `!` turns one around. */
function fits(secret: Secret, key: string | undefined, values: readonly string[]): boolean {
  if (key !== 'name' && key !== 'tag-key') {
    throw notRehearsed(`ListSecrets filter '${key}' is not rehearsed: use name or tag-key`);
  }
  const texts = key === 'name' ? [secret.name] : secret.tags.map((tag) => tag.Key ?? '');
  return values.some((value) => {
    const negated = value.startsWith('!');
    return negated !== texts.some((text) => text.startsWith(negated ? value.slice(1) : value));
  });
}

function positionOf(token: string): number {
  const position = /^at:(\d+)$/.exec(Buffer.from(token, 'base64').toString('utf8'))?.[1];
  if (position === undefined) {
    throw modelled(InvalidNextTokenException$, 'The NextToken value is invalid.');
  }
  return Number(position);
}
