import { createHash } from 'node:crypto';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { CheckDefinition } from '../../../lib/private/contract/checks';
import type { DrillDefinition } from '../../../lib/private/contract/drill';
import type { BucketDefinition } from '../../../lib/private/contract/files';
import { NamedError } from '../../shared/named-error';

/** The definition inside a schedule's input. */
export function parseDefinition(input: string | undefined, schedule: string): DrillDefinition {
  let definition: DrillDefinition | undefined;
  try {
    definition = (JSON.parse(input ?? '') as { definition?: DrillDefinition }).definition;
  } catch {
    // falls through: told below in one sentence, without the input itself
  }
  if (definition?.schema !== 'cdk-recoverable/drill/v1') {
    throw new NamedError(
      'InvalidDefinition',
      `schedule ${schedule} holds no drill definition of schema cdk-recoverable/drill/v1; deploy its plan again`,
    );
  }
  return definition;
}

/** Checks too large for a schedule's input travel as a content-addressed asset; its hash is in the input. */
export async function completeChecks(definition: DrillDefinition): Promise<DrillDefinition> {
  const asset = definition.checksAsset;
  if (!asset) return definition;
  const answer = await new S3Client().send(new GetObjectCommand({ Bucket: asset.bucket, Key: asset.key }));
  const body = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
  const sha256 = createHash('sha256').update(body).digest('hex');
  if (sha256 !== asset.sha256) {
    throw new NamedError(
      'InvalidDefinition',
      `checks asset ${asset.key} has hash ${sha256}, the definition says ${asset.sha256}; deploy its plan again`,
    );
  }
  const checks = JSON.parse(Buffer.from(body).toString('utf8')) as CheckDefinition[];
  return { ...definition, checks: checks.map((check) => withBucket(check, definition.buckets ?? [])) };
}

/** The asset names buckets; what they are is in the input, where deployment could write it. */
function withBucket(check: CheckDefinition, buckets: readonly BucketDefinition[]): CheckDefinition {
  if (check.kind !== 'replica' && check.kind !== 'files-exist') return check;
  const bucket = buckets.find(({ name }) => name === check.bucket.name);
  if (!bucket) {
    throw new NamedError(
      'InvalidDefinition',
      `check ${check.id} is about ${check.bucket.name}, which the definition does not know; deploy its plan again`,
    );
  }
  return { ...check, bucket };
}
