import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
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

/** A file on this machine, and what S3 is to find in it. */
export interface PutFile {
  readonly path: string;
  readonly bytes: number;
  /** Base64. */
  readonly sha256: string;
}

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
    const stored = await this.getText(key);
    return stored && { value: JSON.parse(stored.body) as T, ...stored };
  }

  /** For whoever must go on where the text is no JSON. */
  async getText(key: string): Promise<Pick<Stored<never>, 'etag' | 'body'> | null> {
    try {
      const answer = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      return { etag: answer.ETag ?? '', body: (await answer.Body?.transformToString()) ?? '' };
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
    return this.attempt(
      new PutObjectCommand({
        Bucket: this.bucket,
        Key: key,
        Body: body,
        ContentType: contentType,
        IfNoneMatch: condition === 'absent' ? '*' : undefined,
        IfMatch: typeof condition === 'object' ? condition.etag : undefined,
      }),
    );
  }

  private async attempt(put: PutObjectCommand): Promise<boolean> {
    try {
      await this.s3.send(put);
      return true;
    } catch (error) {
      if (NOT_MET.includes(nameOf(error))) return false;
      throw error;
    }
  }

  /** Puts a file as it is: of an object that is too large to be held at once. */
  async putFile(key: string, { path, bytes, sha256 }: PutFile, contentType: string): Promise<boolean> {
    return this.attempt(
      new PutObjectCommand({
        Bucket: this.bucket,
        Key: key,
        Body: createReadStream(path),
        ContentLength: bytes,
        ChecksumSHA256: sha256,
        ContentType: contentType,
        IfNoneMatch: '*',
      }),
    );
  }

  /** The lines of an object, each parsed, one after the other; none where there is no object. */
  async *lines<T>(key: string): AsyncGenerator<T> {
    const body = await this.open(key);
    if (!body) return;
    for await (const line of createInterface({ input: body, crlfDelay: Infinity })) {
      if (line !== '') yield JSON.parse(line) as T;
    }
  }

  private async open(key: string): Promise<Readable | null> {
    try {
      const answer = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      return (answer.Body as Readable | undefined) ?? null;
    } catch (error) {
      if (nameOf(error) === 'NoSuchKey') return null;
      throw error;
    }
  }

  /** Keys that begin with this, in their order. */
  async list(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const page of paginateListObjectsV2({ client: this.s3 }, { Bucket: this.bucket, Prefix: prefix })) {
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
    }
    return keys;
  }

  async delete(key: string): Promise<void> {
    await this.s3.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
  }
}
