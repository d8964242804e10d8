import { byPath } from '../protocol/by-path';
import { restXmlProtocol } from '../protocol/rest-xml';
import { AwsError } from '../protocol/types';
import type { Operation, Service } from '../service';
import { S3Account, type S3Options } from './account';
import { copyObject } from './copying';
import { damage, type Damage } from './damage';
import { deleteObject, deleteObjects, remove } from './deleting';
import { defaultOf } from './encryption';
import { S3ForBackup } from './for-backup';
import { readingOperations } from './reading';
import type { ReplicationConfiguration } from './replication/configuration';
import type { ReplicationFailure } from './replication/replication';
import { bucketOperations } from './settings';
import type { Filling } from './storage';
import type { ObjectVersion } from './version';
import { putObject, store } from './writing';

export type { S3Options } from './account';
export type { Bucket } from './bucket';
export type { Damage } from './damage';
export type { Filling } from './storage';

/** S3 over files. Conditional writes are atomic; every version is kept. */
export class RehearsedS3 {
  /** Of this Region, as others that copy from it know it. */
  readonly account: S3Account;

  constructor(options: S3Options) {
    this.account = new S3Account(options);
  }

  /** Keys of a bucket, for tests and for handing evidence out. */
  keys(bucket: string): readonly string[] {
    return this.account.find(bucket).storage.keys();
  }

  /** The newest bytes of an object; undefined when there is none. */
  read(bucket: string, key: string): Buffer | undefined {
    return this.account.find(bucket).storage.newest(key)?.content.read();
  }

  /** The versions of a key from the oldest to the newest. */
  versions(bucket: string, key: string): readonly Readonly<ObjectVersion>[] {
    return this.account.find(bucket).storage.history(key);
  }

  /** Puts an object there before a drill, as a deployment would (an asset). */
  put(bucket: string, key: string, body: Buffer | string): void {
    const kept = this.account.find(bucket);
    store(kept, key, { content: Buffer.from(body as string), headers: {}, encryption: defaultOf(kept.bucket) });
  }

  /** Puts many objects there of which no file is made, also such as are long there. */
  fill(bucket: string, objects: Iterable<Filling>): void {
    const kept = this.account.find(bucket);
    const encryption = defaultOf(kept.bucket);
    for (const [key, version] of kept.storage.fill(objects, encryption)) {
      this.account.replication.written(bucket, key, version);
    }
  }

  /** Somebody deletes all that is below a prefix. */
  removeAll(bucket: string, prefix: string): void {
    const kept = this.account.find(bucket);
    for (const key of kept.storage.keys()) if (key.startsWith(prefix)) remove(kept, key, undefined);
  }

  /** Somebody replicates a bucket from now on. */
  replicate(bucket: string, configuration: ReplicationConfiguration): void {
    this.account.replication.configure(this.account.find(bucket), configuration);
  }

  /** Something happens to the newest version of an object. */
  damage(bucket: string, key: string, how: Damage): Promise<void> {
    return damage(this.account.find(bucket), key, how);
  }

  /** Does all that is due by the clock, here and in the other Regions. */
  settle(): void {
    this.account.settle();
  }

  /** The newest reasons why something was not replicated. */
  get replicationFailures(): readonly ReplicationFailure[] {
    return this.account.replication.failures;
  }

  forBackup(): S3ForBackup {
    return new S3ForBackup(this.account);
  }

  service(): Service {
    const { account } = this;
    const objects = restXmlProtocol('com.amazonaws.s3', 'http://s3.amazonaws.com/doc/2006-03-01/');
    const control = restXmlProtocol('com.amazonaws.s3control', 'http://awss3control.amazonaws.com/doc/2018-08-20/');
    const operations = [
      putObject(account),
      copyObject(account),
      deleteObject(account),
      deleteObjects(account),
      ...readingOperations(account),
      ...bucketOperations(account),
      ...account.jobs.operations(),
    ];
    return {
      signingName: 's3',
      // S3 Control signs by the same name.
      protocol: byPath('/v20180820/', control, objects, 'com.amazonaws.s3control'),
      operations: operations.map((one) => this.upToDate(one)),
      denied: (message) => new AwsError('AccessDenied', 403, message),
      throttled: () => new AwsError('SlowDown', 503, 'Please reduce your request rate.'),
    };
  }

  /** What was due before a call has happened by then. */
  private upToDate(operation: Operation): Operation {
    return {
      ...operation,
      checks: (input) => {
        this.settle();
        return operation.checks(input);
      },
    };
  }
}
