import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-s3';
import { restXmlProtocol } from '../protocol/rest-xml';
import { AwsError, modelled } from '../protocol/types';
import { operation, type Call, type Operation, type Place, type Service } from '../service';
import { readBody } from './body';
import { bucketArn, bucketCheck, keyChecks, objectCheck } from './checks';
import { listBuckets, listObjects } from './list';
import {
  PUT_MEMBERS,
  putContext,
  checkKey,
  checkCondition,
  sameTag,
  precondition,
  kept,
  sums,
  describe,
  versionId,
  encryption,
  type Bucket,
} from './object';
import { BucketStorage, type ObjectVersion } from './storage';

export type { Bucket } from './object';

export interface S3Options extends Place {
  readonly buckets: readonly Bucket[];
  /** Objects are files under it: `<directory>/<bucket>/<key>`. */
  readonly directory: string;
  readonly clock?: () => Date;
}

/** S3 over files. Conditional writes are atomic; every version is kept. */
export class RehearsedS3 {
  private readonly buckets = new Map<string, { readonly bucket: Bucket; readonly storage: BucketStorage }>();

  constructor(private readonly options: S3Options) {
    for (const bucket of options.buckets) {
      if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket.name)) {
        throw new Error(
          `bucket name '${bucket.name}' is not allowed: 3 to 63 lower-case letters, digits, dots or hyphens`,
        );
      }
      const storage = new BucketStorage(join(options.directory, bucket.name), options.clock ?? (() => new Date()));
      this.buckets.set(bucket.name, { bucket, storage });
    }
  }

  /** Keys of a bucket, for tests and for handing evidence out. */
  keys(bucket: string): readonly string[] {
    return this.storage(bucket).keys();
  }

  /** The newest bytes of an object; undefined when there is none. */
  read(bucket: string, key: string): Buffer | undefined {
    const storage = this.storage(bucket);
    const newest = storage.newest(key);
    return newest && storage.read(newest);
  }

  /** Puts an object there before a drill, as a deployment would (an asset). */
  put(bucket: string, key: string, body: Buffer | string): void {
    this.storage(bucket).write(key, Buffer.from(body as string), {}, {});
  }

  private storage(name: string | undefined): BucketStorage {
    return this.find(name).storage;
  }

  private find(name: string | undefined) {
    const found = this.buckets.get(name ?? '');
    if (!found) {
      throw modelled(sdk.NoSuchBucket$, 'The specified bucket does not exist', { BucketName: name ?? '' });
    }
    return found;
  }

  private keyChecks(action: string, bucket: string | undefined, key: string | undefined) {
    return keyChecks(this.options, this.buckets.get(bucket ?? '')?.bucket, action, key);
  }

  service(): Service {
    return {
      signingName: 's3',
      protocol: restXmlProtocol('com.amazonaws.s3', 'http://s3.amazonaws.com/doc/2006-03-01/'),
      operations: [
        this.putObject(),
        this.getObject(),
        this.headObject(),
        this.deleteObject(),
        this.listObjects(),
        this.listBuckets(),
      ],
      denied: (message) => new AwsError('AccessDenied', 403, message),
      throttled: () => new AwsError('SlowDown', 503, 'Please reduce your request rate.'),
    };
  }

  private putObject(): Operation {
    return operation<sdk.PutObjectCommandInput, sdk.PutObjectCommandOutput | object>(
      sdk.PutObject$,
      PUT_MEMBERS,
      (input) => [
        objectCheck('s3:PutObject', input.Bucket, input.Key, putContext(input)),
        // If-Match compares with what is there, so reading must be allowed too.
        ...(input.IfMatch === undefined ? [] : [objectCheck('s3:GetObject', input.Bucket, input.Key)]),
        ...this.keyChecks('kms:GenerateDataKey', input.Bucket, input.Key),
      ],
      (input, call) => {
        const { bucket, storage } = this.find(input.Bucket);
        const { body, checksums } = readBody(call.http);
        checkKey(input.Key ?? '');
        checkCondition(input, storage.newest(input.Key ?? ''));
        const headers = { ContentType: input.ContentType ?? 'binary/octet-stream', ...kept(input), ...sums(checksums) };
        const version = storage.write(input.Key ?? '', body, headers, input.Metadata ?? {});
        return { ETag: version.etag, ...versionId(bucket, version), ...encryption(bucket), ...sums(checksums) };
      },
    );
  }

  private getObject(): Operation {
    return operation<sdk.GetObjectCommandInput, object>(
      sdk.GetObject$,
      ['Bucket', 'Key', 'VersionId', 'ChecksumMode', 'IfMatch', 'IfNoneMatch'],
      (input) => this.readChecks(input),
      (input, call) => {
        const [bucket, storage, version] = this.present(input, call);
        return { ...describe(bucket, version, input.ChecksumMode), Body: storage.read(version) };
      },
    );
  }

  private headObject(): Operation {
    return operation<sdk.HeadObjectCommandInput, object>(
      sdk.HeadObject$,
      ['Bucket', 'Key', 'VersionId', 'ChecksumMode', 'IfMatch', 'IfNoneMatch'],
      (input) => this.readChecks(input),
      (input, call) => {
        const [bucket, , version] = this.present(input, call);
        return describe(bucket, version, input.ChecksumMode);
      },
    );
  }

  private readChecks(input: sdk.GetObjectCommandInput) {
    const action = input.VersionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
    return [objectCheck(action, input.Bucket, input.Key), ...this.keyChecks('kms:Decrypt', input.Bucket, input.Key)];
  }

  /** The version asked for. A caller who may not list is not told that an object is missing. */
  private present(input: sdk.GetObjectCommandInput, call: Call): [Bucket, BucketStorage, ObjectVersion] {
    const { bucket, storage } = this.find(input.Bucket);
    const key = input.Key ?? '';
    const version = input.VersionId === undefined ? storage.newest(key) : storage.version(key, input.VersionId);
    if (!version || version.deleted) {
      if (!call.may(bucketCheck('s3:ListBucket', input.Bucket))) {
        const message = `The object may be missing: without s3:ListBucket on ${bucketArn(input.Bucket)} S3 does not say.`;
        throw new AwsError('AccessDenied', 403, message);
      }
      throw modelled(sdk.NoSuchKey$, 'The specified key does not exist.', { Key: key });
    }
    if (input.IfMatch !== undefined && !sameTag(input.IfMatch, version)) {
      throw precondition('If-Match');
    }
    if (input.IfNoneMatch !== undefined && (input.IfNoneMatch === '*' || sameTag(input.IfNoneMatch, version))) {
      throw new AwsError('NotModified', 304, 'Not Modified');
    }
    return [bucket, storage, version];
  }

  private deleteObject(): Operation {
    return operation<sdk.DeleteObjectCommandInput, object>(
      sdk.DeleteObject$,
      ['Bucket', 'Key', 'VersionId', 'IfMatch'],
      (input) => {
        const action = input.VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
        return [objectCheck(action, input.Bucket, input.Key)];
      },
      (input) => {
        const { bucket, storage } = this.find(input.Bucket);
        const key = input.Key ?? '';
        checkCondition(input, storage.newest(key));
        if (input.VersionId !== undefined) {
          const removed = storage.remove(key, input.VersionId);
          return { VersionId: input.VersionId, ...(removed?.deleted && { DeleteMarker: true }) };
        }
        if (bucket.versioned === false) {
          storage.history(key).forEach((version) => storage.remove(key, version.versionId));
          return {};
        }
        return { DeleteMarker: true, VersionId: storage.mark(key).versionId };
      },
    );
  }

  /** All of the Region; of others there are none here. */
  private listBuckets(): Operation {
    return operation<sdk.ListBucketsCommandInput, object>(
      sdk.ListBuckets$,
      ['BucketRegion', 'Prefix', 'MaxBuckets', 'ContinuationToken'],
      () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
      (input) => {
        const { region } = this.options;
        if (input.BucketRegion !== undefined && input.BucketRegion !== region) {
          throw new AwsError('InvalidArgument', 400, `bucket-region must be the Region of the endpoint, ${region}`);
        }
        return listBuckets([...this.buckets.keys()], region, input);
      },
    );
  }

  private listObjects(): Operation {
    return operation<sdk.ListObjectsV2CommandInput, object>(
      sdk.ListObjectsV2$,
      ['Bucket', 'Prefix', 'StartAfter', 'MaxKeys', 'ContinuationToken', 'Delimiter'],
      (input) => {
        const context = {
          's3:prefix': input.Prefix ?? '',
          ...(input.MaxKeys !== undefined && { 's3:max-keys': String(input.MaxKeys) }),
          ...(input.Delimiter !== undefined && { 's3:delimiter': input.Delimiter }),
        };
        return [bucketCheck('s3:ListBucket', input.Bucket, context)];
      },
      (input) => listObjects(this.storage(input.Bucket), input),
    );
  }
}
