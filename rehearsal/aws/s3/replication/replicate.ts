import { AwsError } from '../../protocol/types';
import { inTheNameOf, trusts, type Allow } from '../../service-roles';
import type { KeptBucket, S3Account } from '../account';
import { bucketCheck, objectCheck } from '../checks';
import { defaultOf } from '../encryption';
import type { Encryption, ObjectVersion } from '../version';
import type { ReplicationRule } from './configuration';
import type { RuleQueue, Task } from './rule-queue';

/** Brings one version to a rule's destination with the rights of the replication role alone. Throws why it cannot. */
export function replicate({ source, rule, roleArn, destination: name }: RuleQueue, { key, version }: Task): void {
  const { home } = source;
  const role = home.options.roles?.get(roleArn);
  const sourceArn = `arn:aws:s3:::${source.bucket.name}`;
  if (!role || !trusts(role, 's3.amazonaws.com', home.place.account, sourceArn)) {
    throw new AwsError('AccessDenied', 403, `S3 may not assume ${roleArn}`);
  }
  const destination = home.anywhere(name);
  if (!destination) throw new AwsError('DstBucketNotFound', 404, `the destination ${name} is not there`);
  if (destination.bucket.versioned === false) {
    throw new AwsError('DstBucketUnversioned', 400, `the destination ${name} has no versions`);
  }
  const here = inTheNameOf({ authorize: authorizeOf(home) }, role);
  const there = inTheNameOf({ authorize: authorizeOf(destination.home) }, role);
  here(bucketCheck('s3:GetReplicationConfiguration', source.bucket.name));
  here(bucketCheck('s3:ListBucket', source.bucket.name));
  if (version.deleted) {
    there(objectCheck('s3:ReplicateDelete', name, key));
    if (!destination.storage.version(key, version.versionId)) destination.storage.mark(key, version);
    return;
  }
  readOriginal(source, key, version, here);
  requireLock(source, destination, key, here);
  const encryption = encryptionOfReplica(rule, destination, version);
  writeReplica(rule, destination, key, version, encryption, there);
}

function readOriginal({ bucket, home }: KeptBucket, key: string, version: ObjectVersion, allow: Allow): void {
  allow(objectCheck('s3:GetObjectVersionForReplication', bucket.name, key));
  allow(objectCheck('s3:GetObjectVersionAcl', bucket.name, key));
  home.keyChecks(bucket.name, key, version.encryption, 'kms:Decrypt').forEach(allow);
  home.requireUsable(version.encryption);
}

function requireLock(source: KeptBucket, destination: KeptBucket, key: string, allow: Allow): void {
  if (!source.bucket.objectLock) return;
  allow(objectCheck('s3:GetObjectRetention', source.bucket.name, key));
  allow(objectCheck('s3:GetObjectLegalHold', source.bucket.name, key));
  if (!destination.bucket.objectLock) {
    throw new AwsError('DstBucketObjectLockConfigMissing', 400, 'the destination has no Object Lock');
  }
}

/** Under the rule's key where it names one, else under the destination's own. */
function encryptionOfReplica(
  { Destination }: ReplicationRule,
  { bucket }: KeptBucket,
  { encryption }: ObjectVersion,
): Encryption {
  const kmsKeyArn = Destination.EncryptionConfiguration?.ReplicaKmsKeyID;
  if (kmsKeyArn === undefined) return encryption.kmsKeyArn ? encryption : defaultOf(bucket);
  return { kmsKeyArn, bucketKey: bucket.bucketKey ?? true };
}

function writeReplica(
  { Destination }: ReplicationRule,
  { bucket, storage, home }: KeptBucket,
  key: string,
  version: ObjectVersion,
  encryption: Encryption,
  allow: Allow,
): void {
  allow(objectCheck('s3:ReplicateObject', bucket.name, key));
  if (Destination.AccessControlTranslation) allow(objectCheck('s3:ObjectOwnerOverrideToBucketOwner', bucket.name, key));
  const ask = (action: string) => home.keyChecks(bucket.name, key, encryption, action).forEach(allow);
  if (version.encryption.kmsKeyArn) ask('kms:Encrypt');
  if (!version.encryption.kmsKeyArn || encryption.bucketKey) ask('kms:GenerateDataKey');
  if (encryption.bucketKey) ask('kms:Decrypt');
  home.requireUsable(encryption);
  if (storage.version(key, version.versionId)) return;
  const { versionId, createdAt, content, headers, metadata, checksums } = version;
  storage.write(key, {
    ...{ versionId, createdAt, content, headers, metadata, encryption, replication: 'REPLICA' },
    ...(checksums && { checksums }),
  });
}

function authorizeOf({ options, place }: S3Account) {
  if (!options.authorize) throw new Error(`the S3 of ${place.region} replicates, but was not told what roles may do`);
  return options.authorize;
}
