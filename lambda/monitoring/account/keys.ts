import { DescribeKeyCommand, GetKeyPolicyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { nameOf } from '../../shared/named-error';
import type { Asking, CallOptions } from './asking';

export interface KeyFacts {
  /** As KMS says it; `NotFound` where there is none; `Denied` where the monitor may not look. */
  readonly state: string;
  /** The key's policy as text; `denied` where it may not be read; absent where nobody may change it, or it is another account's. */
  readonly policy?: string | 'denied';
}

/** @returns undefined where KMS did not answer */
export function describeKey(client: KMSClient, asking: Asking, keyArn: string): Promise<KeyFacts | undefined> {
  return asking.ask(`key ${keyArn}`, async (options): Promise<KeyFacts> => {
    try {
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyArn }), options);
      const state = KeyMetadata?.KeyState ?? 'Enabled';
      return KeyMetadata?.KeyManager === 'AWS' ? { state } : { state, policy: await policyOf(client, keyArn, options) };
    } catch (error) {
      if (nameOf(error) === 'NotFoundException') return { state: 'NotFound' };
      if (nameOf(error) === 'AccessDeniedException') return { state: 'Denied' };
      throw error;
    }
  });
}

async function policyOf(client: KMSClient, keyArn: string, options: CallOptions): Promise<string> {
  try {
    const { Policy } = await client.send(new GetKeyPolicyCommand({ KeyId: keyArn }), options);
    return Policy ?? 'denied';
  } catch (error) {
    // A key of another account, whose policy nobody else reads, is not found.
    if (['AccessDeniedException', 'NotFoundException'].includes(nameOf(error))) return 'denied';
    throw error;
  }
}
