import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { nameOf } from './named-error';

/** A JSON object in a bucket and the ETag that names this version of it. */
export interface Stored<T> {
  readonly value: T;
  readonly etag: string;
  /** The body as stored, for hashing. */
  readonly body: string;
}

/** When a put may happen. `absent`: only if nothing is there; an ETag: only over that version. */
export type PutCondition = 'absent' | { readonly etag: string };

/** S3's answers to a condition that does not hold: 412, 409 when two race, 404 where the version to replace is gone. */
const NOT_MET = ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'];

/**
 * JSON objects in one bucket with compare-and-swap, which is all the state a site keeps.
 */
export class Store {
  constructor(
    private readonly bucket: string,
    private readonly s3 = new S3Client(),
  ) {}

  async get<T>(key: string): Promise<Stored<T> | null> {
    try {
      const answer = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      const body = (await answer.Body?.transformToString()) ?? '';
      return { value: JSON.parse(body) as T, etag: answer.ETag ?? '', body };
    } catch (error) {
      if (nameOf(error) === 'NoSuchKey') return null;
      throw error;
    }
  }

  /** @returns whether it was written; false when the condition did not hold. */
  async put(key: string, value: unknown, condition?: PutCondition): Promise<boolean> {
    return this.putText(key, JSON.stringify(value), 'application/json', condition);
  }

  async putText(key: string, body: string, contentType: string, condition?: PutCondition): Promise<boolean> {
    try {
      await this.s3.send(
        new PutObjectCommand({
          Bucket: this.bucket,
          Key: key,
          Body: body,
          ContentType: contentType,
          IfNoneMatch: condition === 'absent' ? '*' : undefined,
          IfMatch: typeof condition === 'object' ? condition.etag : undefined,
        }),
      );
      return true;
    } catch (error) {
      if (NOT_MET.includes(nameOf(error))) return false;
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    await this.s3.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
  }
}
