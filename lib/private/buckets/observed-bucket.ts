import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { GivenReplica, ProtectBucketOptions } from '../../plan/bucket-options';
import type { RecoverySite } from '../../site/recovery-site';
import type { ReplicaDefinition } from '../contract/files';
import { requireText, show, ValidationError } from '../validation';
import type { BucketFacts } from './bucket-facts';
import { requireBucketName } from './names';
import { lagSeconds } from './rule';

/** What only who manages a bucket can have done to it. */
const MANAGED = ['replicateTo', 'priority', 'replicateModifications', 'existingObjects', 'oldVersions'] as const;

/** The replica that is given for a bucket which this app does not change. */
export function givenReplica(
  name: string,
  home: RecoverySite,
  options: ProtectBucketOptions,
): ReplicaDefinition | undefined {
  const asked = MANAGED.find((option) => options[option] !== undefined);
  if (asked) {
    throw new ValidationError(
      `${asked} of ${name} would change a bucket that is imported or not managed: leave it out, or let this app own and manage the bucket`,
    );
  }
  const { replica } = options;
  if (!replica) return undefined;
  return {
    bucket: requireBucketName(requireText(replica.bucketName, `replica of ${name}`, 63), `replica of ${name}`),
    region: requireOtherRegion(name, home, replica),
    keyArn: requireKeyOf(name, replica),
    lagSeconds: lagSeconds(options.replicationTimeControl ?? false),
    deleteMarkers: replica.deleteMarkers ?? options.replicateDeleteMarkers ?? false,
  };
}

/** What is not of this app is not changed: said is the command that does it. */
export function findShortfalls(
  scope: Construct,
  name: string,
  home: RecoverySite,
  { bucketName, managed }: BucketFacts,
  options: ProtectBucketOptions,
): void {
  if (managed) return;
  const bucket = Token.isUnresolved(bucketName) ? '<its name>' : bucketName;
  const { region } = Stack.of(home);
  const at = `--bucket ${bucket}${Token.isUnresolved(region) ? '' : ` --region ${region}`}`;
  if (options.versioned === undefined) {
    Annotations.of(scope).addInfoV2(
      'cdk-recoverable:bucketNotVersioned',
      `versioning of ${name} is not changed by this app: unless it is on, S3 neither replicates nor backs up the bucket; see aws s3api get-bucket-versioning ${at}, and turn it on with: aws s3api put-bucket-versioning ${at} --versioning-configuration Status=Enabled; then say versioned: true`,
    );
  }
  if (options.replica) return;
  Annotations.of(scope).addWarningV2(
    'cdk-recoverable:bucketNotReplicated',
    `${name} is not replicated as far as this app knows, so its files are lost with the Region: have it replicated under a customer-managed key with aws s3api put-bucket-replication ${at} --replication-configuration file://replication.json, then give replica to protectBucket`,
  );
}

function requireOtherRegion(name: string, home: RecoverySite, { region }: GivenReplica): string {
  const here = Stack.of(home).region;
  if (Token.isUnresolved(region) || !/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region ?? '')) {
    throw new ValidationError(
      `region of the replica of ${name} must be the name of a Region known at synthesis, such as eu-central-1, got: ${show(region)}`,
    );
  }
  if (region !== here) return region;
  throw new ValidationError(
    `the replica of ${name} is in ${region}, the home Region of the bucket, and lost with it: replicate the bucket to another Region`,
  );
}

function requireKeyOf(name: string, { keyArn, region }: GivenReplica): string {
  const [arn, , service, keyRegion, , resource] = String(keyArn).split(':');
  if (Token.isUnresolved(keyArn) && !keyArn.startsWith('arn:')) return keyArn;
  if (arn === 'arn' && service === 'kms' && keyRegion === region && /^key\/./.test(resource ?? '')) return keyArn;
  throw new ValidationError(
    `keyArn of the replica of ${name} must be the ARN of a customer-managed key in ${region}, arn:aws:kms:${region}:<account>:key/<id>, got: ${show(keyArn)}`,
  );
}
