/**
 * The port between checks of files and where they are kept. The engine knows nothing else of S3, regions or keys.
 */
export interface Bucket {
  /**
   * One page of the newest versions, without those that are hidden behind a delete marker, in the order of their keys'
   * UTF-8 bytes.
   * @param after the last key that was seen; null from the beginning
   * @throws FileError
   */
  list(after: string | null): Promise<Page>;
  /** Every version and delete marker of one key, newest first. @throws FileError */
  listVersions(key: string): Promise<Version[]>;
  /** @throws FileError */
  head(key: string, versionId?: string): Promise<Described>;
  /**
   * Reads an object, or its first byte alone, so that it must be decrypted.
   * @throws FileError, also while the bytes come
   */
  get(key: string, how: { readonly whole: boolean; readonly versionId?: string }): Promise<AsyncIterable<Uint8Array>>;
}

export interface Page {
  readonly objects: readonly Listed[];
  /** Whether more keys follow. */
  readonly more: boolean;
}

/** One object as a listing shows it. */
export interface Listed {
  readonly key: string;
  readonly size: number;
  /** Milliseconds since the epoch; S3 knows whole seconds. */
  readonly modified: number;
}

export interface Version extends Listed {
  readonly versionId: string;
  /** A delete marker: nothing but a place in time. */
  readonly marker: boolean;
}

/** One object as it describes itself. */
export interface Described {
  readonly size: number;
  readonly modified: number;
  readonly replication?: 'pending' | 'failed' | 'completed' | 'replica';
  /** ARN of the KMS key that it is encrypted under. */
  readonly keyArn?: string;
  readonly checksums: readonly Checksum[];
}

export interface Checksum {
  /** `SHA256`, `CRC64NVME`, ... */
  readonly algorithm: string;
  /** Of the whole object, or of the checksums of its parts: the two never compare. */
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
  /** Base64. */
  readonly value: string;
}

/**
 * Why a request failed, as far as a verdict cares: `missing` there is no such object or version; `denied` the caller may
 * not, or its key may not be used; `damaged` the bytes are not those of their checksum; `throttled` too many requests;
 * `other` everything else.
 */
export type FileReason = 'missing' | 'denied' | 'damaged' | 'throttled' | 'other';

export class FileError extends Error {
  constructor(
    readonly reason: FileReason,
    message: string,
  ) {
    super(message);
    this.name = 'FileError';
  }
}
