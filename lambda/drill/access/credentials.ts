import { createHash, randomBytes } from 'node:crypto';
import { CreateSecretCommand, GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { DrillFacts } from '../../../lib/private/contract/drill';
import { nameOf } from '../../shared/named-error';
import { drillTags } from '../../shared/tags';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Creates the drill's secret, or reads it back: a repeated call must never set a second password. */
export async function credentials(
  secrets: SecretsManagerClient,
  drill: DrillFacts,
  username: string,
): Promise<Credentials> {
  const fresh: Credentials = { username, password: randomBytes(24).toString('base64url') };
  try {
    await secrets.send(
      new CreateSecretCommand({
        Name: drill.names.secret,
        Description: `Login of restore drill ${drill.id}; removed when the drill ends`,
        ClientRequestToken: createHash('sha256').update(drill.id).digest('hex').slice(0, 64),
        SecretString: JSON.stringify(fresh),
        Tags: drillTags(drill),
      }),
    );
    return fresh;
  } catch (error) {
    if (nameOf(error) !== 'ResourceExistsException') throw error;
    const existing = await secrets.send(new GetSecretValueCommand({ SecretId: drill.names.secret }));
    return JSON.parse(existing.SecretString ?? '{}') as Credentials;
  }
}
