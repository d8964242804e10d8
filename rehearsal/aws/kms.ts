import * as sdk from '@aws-sdk/client-kms';
import type { PolicyDocument } from './authorization';
import { jsonProtocol } from './protocol/json';
import { AwsError } from './protocol/types';
import { notRehearsed, operation, type Operation, type Place, type Service } from './service';

export interface RehearsedKey {
  readonly arn: string;
  readonly policy?: PolicyDocument;
  /** Default `Enabled`. */
  readonly state?: sdk.KeyState;
  /** `AWS`: one that a service made, whose policy nobody may change. Default `CUSTOMER`. */
  readonly manager?: sdk.KeyManagerType;
}

/** The keys of a Region, as far as somebody asks what became of them. What they encrypt is others' business. */
export class RehearsedKms {
  private readonly keys: Map<string, RehearsedKey>;

  constructor(private readonly options: Place & { readonly keys: readonly RehearsedKey[] }) {
    this.keys = new Map(options.keys.map((key) => [key.arn, key]));
  }

  /** Somebody disables a key, schedules its deletion or changes its policy. */
  change(arn: string, facts: Omit<Partial<RehearsedKey>, 'arn'>): void {
    this.keys.set(arn, { ...(this.keys.get(arn) ?? { arn }), ...facts, arn });
  }

  /** The waiting time of a deletion is over. */
  remove(arn: string): void {
    this.keys.delete(arn);
  }

  /** Undefined where there is no such key. */
  stateOf(arn: string): sdk.KeyState | undefined {
    const key = this.keys.get(arn);
    return key && (key.state ?? 'Enabled');
  }

  service(): Service {
    return {
      signingName: 'kms',
      protocol: jsonProtocol('1.1', 'com.amazonaws.kms', 'TrentService'),
      operations: [this.describeKey(), this.getKeyPolicy()],
      denied: (message) => new AwsError('AccessDeniedException', 400, message),
      throttled: () => new AwsError('ThrottlingException', 400, 'Rate exceeded'),
    };
  }

  private describeKey(): Operation {
    return operation<sdk.DescribeKeyRequest, sdk.DescribeKeyResponse>(
      sdk.DescribeKey$,
      ['KeyId'],
      ({ KeyId }) => [{ action: 'kms:DescribeKey', resource: this.arnOf(KeyId) }],
      ({ KeyId }) => {
        const { arn, state = 'Enabled', manager = 'CUSTOMER' } = this.key(KeyId);
        return {
          KeyMetadata: {
            KeyId: arn.split('/')[1],
            Arn: arn,
            AWSAccountId: arn.split(':')[4],
            Enabled: state === 'Enabled',
            KeyState: state,
            KeyManager: manager,
            KeyUsage: 'ENCRYPT_DECRYPT',
            KeySpec: 'SYMMETRIC_DEFAULT',
            MultiRegion: false,
            ...(state === 'PendingDeletion' && { DeletionDate: new Date(Date.now() + 7 * 86_400_000) }),
          },
        };
      },
    );
  }

  private getKeyPolicy(): Operation {
    return operation<sdk.GetKeyPolicyRequest, sdk.GetKeyPolicyResponse>(
      sdk.GetKeyPolicy$,
      ['KeyId', 'PolicyName'],
      ({ KeyId }) => [{ action: 'kms:GetKeyPolicy', resource: this.arnOf(KeyId) }],
      ({ KeyId, PolicyName = 'default' }) => {
        if (PolicyName !== 'default') throw notFound(`No such policy: ${PolicyName}`);
        const { arn, policy } = this.key(KeyId);
        if (!policy) throw notRehearsed(`key ${arn} has no policy here: give it one`);
        return { Policy: JSON.stringify(policy), PolicyName };
      },
    );
  }

  private key(id: string | undefined): RehearsedKey {
    const arn = this.arnOf(id);
    const found = this.keys.get(arn);
    if (!found) throw notFound(`Key '${arn}' does not exist`);
    return found;
  }

  private arnOf(id = ''): string {
    if (id.startsWith('alias/') || id.includes(':alias/'))
      throw notRehearsed(`key ${id} is not rehearsed: use its ARN`);
    const { region, account } = this.options;
    return id.startsWith('arn:') ? id : `arn:aws:kms:${region}:${account}:key/${id}`;
  }
}

/** By its name in JSON: the model also has one for a protocol that KMS does not speak. */
function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', 400, message, sdk.NotFoundException$);
}
