import * as sdk from '@aws-sdk/client-s3';
import { AwsError } from '../protocol/types';
import { operation, type Operation } from '../service';
import type { S3Account } from './account';
import { bucketCheck } from './checks';
import { defaultOf } from './encryption';
import { listObjects, listBuckets } from './list';
import { listVersions } from './list-versions';
import { shownConfiguration } from './replication/configuration';

export function bucketOperations(account: S3Account): Operation[] {
  return [
    bucketsOf(account),
    objectsOf(account),
    versionsOf(account),
    replicationOf(account),
    versioningOf(account),
    encryptionOfBucket(account),
  ];
}

/** All of the Region; of others there are none here. */
function bucketsOf(account: S3Account): Operation {
  return operation<sdk.ListBucketsCommandInput, object>(
    sdk.ListBuckets$,
    ['BucketRegion', 'Prefix', 'MaxBuckets', 'ContinuationToken'],
    () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
    (input) => {
      const { region } = account.place;
      if (input.BucketRegion !== undefined && input.BucketRegion !== region) {
        throw new AwsError('InvalidArgument', 400, `bucket-region must be the Region of the endpoint, ${region}`);
      }
      return listBuckets(account.names, region, input);
    },
  );
}

function objectsOf(account: S3Account): Operation {
  return operation<sdk.ListObjectsV2CommandInput, object>(
    sdk.ListObjectsV2$,
    ['Bucket', 'Prefix', 'StartAfter', 'MaxKeys', 'ContinuationToken', 'Delimiter', 'EncodingType'],
    (input) => [bucketCheck('s3:ListBucket', input.Bucket, listContext(input))],
    (input) => listObjects(account.find(input.Bucket).storage, input),
  );
}

function versionsOf(account: S3Account): Operation {
  return operation<sdk.ListObjectVersionsCommandInput, object>(
    sdk.ListObjectVersions$,
    ['Bucket', 'Prefix', 'KeyMarker', 'VersionIdMarker', 'MaxKeys', 'Delimiter', 'EncodingType'],
    (input) => [bucketCheck('s3:ListBucketVersions', input.Bucket, listContext(input))],
    (input) => {
      const { storage, bucket } = account.find(input.Bucket);
      return listVersions(storage, input, bucket.versioned !== false);
    },
  );
}

function listContext(input: { Prefix?: string; MaxKeys?: number; Delimiter?: string }): Record<string, string> {
  return {
    's3:prefix': input.Prefix ?? '',
    ...(input.MaxKeys !== undefined && { 's3:max-keys': String(input.MaxKeys) }),
    ...(input.Delimiter !== undefined && { 's3:delimiter': input.Delimiter }),
  };
}

function replicationOf(account: S3Account): Operation {
  return operation<sdk.GetBucketReplicationCommandInput, object>(
    sdk.GetBucketReplication$,
    ['Bucket'],
    ({ Bucket }) => [bucketCheck('s3:GetReplicationConfiguration', Bucket)],
    ({ Bucket }) => {
      const { bucket } = account.find(Bucket);
      const configuration = account.replication.configurationOf(bucket.name);
      if (!configuration) {
        const message = 'The replication configuration was not found';
        throw new AwsError('ReplicationConfigurationNotFoundError', 404, message, undefined, { BucketName: Bucket });
      }
      return { ReplicationConfiguration: shownConfiguration(configuration) };
    },
  );
}

function versioningOf(account: S3Account): Operation {
  return operation<sdk.GetBucketVersioningCommandInput, object>(
    sdk.GetBucketVersioning$,
    ['Bucket'],
    ({ Bucket }) => [bucketCheck('s3:GetBucketVersioning', Bucket)],
    // Of a bucket that never had versions S3 says nothing at all.
    ({ Bucket }) => (account.find(Bucket).bucket.versioned === false ? {} : { Status: 'Enabled' }),
  );
}

function encryptionOfBucket(account: S3Account): Operation {
  return operation<sdk.GetBucketEncryptionCommandInput, object>(
    sdk.GetBucketEncryption$,
    ['Bucket'],
    ({ Bucket }) => [bucketCheck('s3:GetEncryptionConfiguration', Bucket)],
    ({ Bucket }) => {
      const { kmsKeyArn, bucketKey } = defaultOf(account.find(Bucket).bucket);
      const algorithm = kmsKeyArn
        ? { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: kmsKeyArn }
        : { SSEAlgorithm: 'AES256' as const };
      const rule = { ApplyServerSideEncryptionByDefault: algorithm, BucketKeyEnabled: bucketKey };
      return { ServerSideEncryptionConfiguration: { Rules: [rule] } };
    },
  );
}
