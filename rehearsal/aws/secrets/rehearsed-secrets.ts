import { randomBytes, randomUUID } from 'node:crypto';
import * as sdk from '@aws-sdk/client-secrets-manager';
import { jsonProtocol } from '../protocol/json';
import { AwsError, modelled } from '../protocol/types';
import { operation, type Operation, type Place, type Service, type Tag } from '../service';
import { createChecks, secretChecks } from './checks';
import { listSecrets } from './list';

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly versionId: string;
  readonly value: { readonly SecretString?: string; readonly SecretBinary?: Uint8Array };
  readonly tags: readonly Tag[];
  /** Set by a deletion with a recovery window. */
  deletionAt?: Date;
}

export interface SecretsOptions extends Place {
  readonly clock?: () => Date;
}

/** Secrets Manager in memory alone: no secret of a rehearsal touches a disk. */
export class RehearsedSecrets {
  private readonly secrets = new Map<string, Secret>();
  private readonly clock: () => Date;

  constructor(private readonly options: SecretsOptions) {
    this.clock = options.clock ?? (() => new Date());
  }

  /** Names of every secret that exists, also those that wait for their deletion. */
  get names(): readonly string[] {
    return [...this.secrets.keys()];
  }

  /** Sets the text of a secret, as a person does, or its rotation. */
  keep(name: string, text: string): void {
    const kept = this.secrets.get(name);
    if (!kept) this.create({ Name: name, SecretString: text });
    else this.secrets.set(name, { ...kept, versionId: randomUUID(), value: { SecretString: text } });
  }

  /** Removes a secret at once. */
  remove(name: string): void {
    this.secrets.delete(name);
  }

  service(): Service {
    return {
      signingName: 'secretsmanager',
      protocol: jsonProtocol('1.1', 'com.amazonaws.secretsmanager', 'secretsmanager'),
      operations: [
        this.createSecret(),
        this.getSecretValue(),
        this.describeSecret(),
        this.deleteSecret(),
        this.listSecrets(),
      ],
      denied: (message) => new AwsError('AccessDeniedException', 400, message),
      throttled: () => new AwsError('ThrottlingException', 400, 'Rate exceeded'),
    };
  }

  /** By name, or by ARN, with its six random characters or without. */
  private find(secretId: string | undefined): Secret | undefined {
    return [...this.secrets.values()].find(({ name, arn }) => [name, arn, arn.slice(0, -7)].includes(secretId ?? ''));
  }

  private require(secretId: string | undefined): Secret {
    const found = this.find(secretId);
    if (!found) {
      throw modelled(sdk.ResourceNotFoundException$, "Secrets Manager can't find the specified secret.");
    }
    return found;
  }

  private createSecret(): Operation {
    return operation<sdk.CreateSecretRequest, sdk.CreateSecretResponse>(
      sdk.CreateSecret$,
      ['Name', 'ClientRequestToken', 'Description', 'KmsKeyId', 'SecretString', 'SecretBinary', 'Tags'],
      (input) => createChecks(this.options, input),
      (input) => this.create(input),
    );
  }

  private create(input: sdk.CreateSecretRequest): sdk.CreateSecretResponse {
    const name = input.Name ?? '';
    checkInput(name, input);
    const value = { SecretString: input.SecretString, SecretBinary: input.SecretBinary };
    const existing = this.secrets.get(name);
    if (existing?.deletionAt) {
      throw invalidRequest(
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    }
    if (existing && !(existing.versionId === input.ClientRequestToken && same(existing.value, value))) {
      throw modelled(sdk.ResourceExistsException$, `The operation failed because the secret ${name} already exists.`);
    }
    const secret: Secret = existing ?? {
      name,
      arn: `arn:aws:secretsmanager:${this.options.region}:${this.options.account}:secret:${name}-${suffix()}`,
      createdAt: this.clock(),
      description: input.Description,
      kmsKeyId: input.KmsKeyId,
      versionId: input.ClientRequestToken ?? randomUUID(),
      value,
      tags: input.Tags ?? [],
    };
    this.secrets.set(name, secret);
    return { ARN: secret.arn, Name: secret.name, VersionId: secret.versionId };
  }

  private getSecretValue(): Operation {
    return operation<sdk.GetSecretValueRequest, sdk.GetSecretValueResponse>(
      sdk.GetSecretValue$,
      ['SecretId', 'VersionId', 'VersionStage'],
      (input) => secretChecks(this.options, 'secretsmanager:GetSecretValue', this.find(input.SecretId), input.SecretId),
      (input) => {
        const secret = this.require(input.SecretId);
        if (secret.deletionAt) {
          throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
        }
        const stage = input.VersionStage ?? 'AWSCURRENT';
        if (stage !== 'AWSCURRENT' || (input.VersionId ?? secret.versionId) !== secret.versionId) {
          const asked = input.VersionId ?? stage;
          throw modelled(
            sdk.ResourceNotFoundException$,
            `Secrets Manager can't find the specified secret value for ${asked}.`,
          );
        }
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: secret.versionId,
          VersionStages: ['AWSCURRENT'],
          CreatedDate: secret.createdAt,
          ...secret.value,
        };
      },
    );
  }

  private describeSecret(): Operation {
    return operation<sdk.DescribeSecretRequest, sdk.DescribeSecretResponse>(
      sdk.DescribeSecret$,
      ['SecretId'],
      (input) => secretChecks(this.options, 'secretsmanager:DescribeSecret', this.find(input.SecretId), input.SecretId),
      (input) => {
        const secret = this.require(input.SecretId);
        return { ...describeSecret(secret), VersionIdsToStages: { [secret.versionId]: ['AWSCURRENT'] } };
      },
    );
  }

  private deleteSecret(): Operation {
    return operation<sdk.DeleteSecretRequest, sdk.DeleteSecretResponse>(
      sdk.DeleteSecret$,
      ['SecretId', 'ForceDeleteWithoutRecovery', 'RecoveryWindowInDays'],
      (input) => secretChecks(this.options, 'secretsmanager:DeleteSecret', this.find(input.SecretId), input.SecretId),
      (input) => this.delete(input),
    );
  }

  private delete(input: sdk.DeleteSecretRequest): sdk.DeleteSecretResponse {
    const { ForceDeleteWithoutRecovery: force = false, RecoveryWindowInDays: days } = input;
    if (force && days !== undefined) {
      throw modelled(
        sdk.InvalidParameterException$,
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      );
    }
    if (days !== undefined && !(Number.isInteger(days) && days >= 7 && days <= 30)) {
      throw modelled(
        sdk.InvalidParameterException$,
        `The RecoveryWindowInDays value must be between 7 and 30 days, not ${days}.`,
      );
    }
    // A forced deletion of what does not exist is no error.
    const secret = force ? this.find(input.SecretId) : this.require(input.SecretId);
    const now = this.clock();
    if (!secret) {
      return { Name: input.SecretId, DeletionDate: now };
    }
    if (force) {
      this.secrets.delete(secret.name);
      return { ARN: secret.arn, Name: secret.name, DeletionDate: now };
    }
    secret.deletionAt = new Date(now.getTime() + (days ?? 30) * 86_400_000);
    return { ARN: secret.arn, Name: secret.name, DeletionDate: secret.deletionAt };
  }

  private listSecrets(): Operation {
    return operation<sdk.ListSecretsRequest, sdk.ListSecretsResponse>(
      sdk.ListSecrets$,
      ['Filters', 'MaxResults', 'NextToken', 'IncludePlannedDeletion'],
      () => [{ action: 'secretsmanager:ListSecrets', resource: '*' }],
      (input) => listSecrets([...this.secrets.values()], input),
    );
  }
}

/** As DescribeSecret and ListSecrets show it: never the value. */
export function describeSecret(secret: Secret): sdk.SecretListEntry {
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: secret.createdAt,
    LastChangedDate: secret.createdAt,
    Tags: secret.tags.map((tag) => ({ ...tag })),
    ...(secret.description !== undefined && { Description: secret.description }),
    ...(secret.kmsKeyId !== undefined && { KmsKeyId: secret.kmsKeyId }),
    ...(secret.deletionAt && { DeletedDate: secret.deletionAt }),
  };
}

function checkInput(name: string, input: sdk.CreateSecretRequest): void {
  if (!/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name)) {
    throw modelled(
      sdk.InvalidParameterException$,
      `Invalid name '${name}'. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!`,
    );
  }
  if (input.SecretString !== undefined && input.SecretBinary !== undefined) {
    throw modelled(
      sdk.InvalidParameterException$,
      "You can't specify both a binary secret value and a string secret value.",
    );
  }
  const token = input.ClientRequestToken;
  if (token !== undefined && (token.length < 32 || token.length > 64)) {
    throw modelled(
      sdk.InvalidParameterException$,
      `ClientRequestToken must have 32-64 characters, not ${token.length}.`,
    );
  }
  if (Buffer.byteLength(input.SecretString ?? '') > 65_536) {
    throw modelled(sdk.InvalidParameterException$, 'SecretString is above 65536 bytes.');
  }
}

function same(one: Secret['value'], other: Secret['value']): boolean {
  return (
    one.SecretString === other.SecretString &&
    Buffer.compare(Buffer.from(one.SecretBinary ?? []), Buffer.from(other.SecretBinary ?? [])) === 0
  );
}

function invalidRequest(message: string): AwsError {
  return modelled(sdk.InvalidRequestException$, message);
}

/** Every secret's ARN ends in six random characters; policies match them with `-??????`. */
function suffix(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return [...randomBytes(6)].map((byte) => alphabet[byte % alphabet.length]).join('');
}
