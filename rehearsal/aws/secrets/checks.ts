import type { CreateSecretRequest } from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../protocol/types';
import { requestTags, resourceTags, type Check, type Place } from '../service';
import type { Secret } from './rehearsed-secrets';

/** A secret that does not exist yet has no random characters: any will do to ask whether the name is covered. */
export function createChecks(place: Place, input: CreateSecretRequest): Check[] {
  const resource = `${arnOfName(place, input.Name ?? '')}-AAAAAA`;
  const tags = requestTags(input.Tags);
  const context = { ...tags, 'secretsmanager:Name': input.Name ?? '' };
  const checks: Check[] = [{ action: 'secretsmanager:CreateSecret', resource, context }];
  if (Object.keys(tags).length > 0) {
    checks.push({ action: 'secretsmanager:TagResource', resource, context: tags });
  }
  return [
    ...checks,
    ...keyChecks(place, input.KmsKeyId, 'kms:GenerateDataKey', resource),
    ...keyChecks(place, input.KmsKeyId, 'kms:Decrypt', resource),
  ];
}

/** Authorization comes before existence: for a missing secret it is asked for the bare name. */
export function secretChecks(place: Place, action: string, secret: Secret | undefined, secretId = ''): Check[] {
  const resource = secret?.arn ?? (secretId.startsWith('arn:') ? secretId : arnOfName(place, secretId));
  const reads = action === 'secretsmanager:GetSecretValue';
  return [
    { action, resource, context: resourceTags(secret?.tags) },
    ...(reads && secret ? keyChecks(place, secret.kmsKeyId, 'kms:Decrypt', secret.arn) : []),
  ];
}

/** Without a key of one's own, AWS's key for Secrets Manager serves everyone in the account. */
function keyChecks(place: Place, key: string | undefined, action: string, secretArn: string): Check[] {
  if (!key) {
    return [];
  }
  const context = {
    'kms:ViaService': `secretsmanager.${place.region}.amazonaws.com`,
    'kms:CallerAccount': place.account,
    'kms:EncryptionContext:SecretARN': secretArn,
  };
  const deniedAs = () => new AwsError('AccessDeniedException', 400, 'Access to KMS is not allowed');
  return [{ action, resource: key, context, deniedAs }];
}

function arnOfName({ region, account }: Place, name: string): string {
  return `arn:aws:secretsmanager:${region}:${account}:secret:${name}`;
}
