import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One version of an object; a delete marker has no file. */
export interface ObjectVersion {
  readonly versionId: string;
  readonly modifiedAt: Date;
  readonly deleted: boolean;
  readonly etag: string;
  readonly size: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Where its bytes are. */
  file: string;
}

/**
 * The objects of one bucket, in files that a person can open: the newest version under its key, older ones under
 * `%versions`. What exists is kept in memory; every change is one synchronous step, so conditional writes are atomic.
 */
export class BucketStorage {
  private readonly versions = new Map<string, ObjectVersion[]>();

  constructor(
    private readonly directory: string,
    private readonly clock: () => Date,
  ) {
    mkdirSync(directory, { recursive: true });
  }

  newest(key: string): ObjectVersion | undefined {
    const last = this.versions.get(key)?.at(-1);
    return last?.deleted ? undefined : last;
  }

  version(key: string, versionId: string): ObjectVersion | undefined {
    return this.versions.get(key)?.find((one) => one.versionId === versionId);
  }

  /** Keys that are not deleted, in the order S3 lists them: by their UTF-8 bytes. */
  keys(): string[] {
    const present = [...this.versions.keys()].filter((key) => this.newest(key));
    return present.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  history(key: string): readonly ObjectVersion[] {
    return this.versions.get(key) ?? [];
  }

  read(version: ObjectVersion): Buffer {
    return readFileSync(version.file);
  }

  write(
    key: string,
    body: Buffer,
    headers: ObjectVersion['headers'],
    metadata: ObjectVersion['metadata'],
  ): ObjectVersion {
    this.shelve(key);
    const file = this.freePath(key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, body, { flag: 'wx' });
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    return this.append(key, { deleted: false, etag, size: body.length, headers, metadata, file });
  }

  /** Hides an object behind a delete marker; its versions stay. */
  mark(key: string): ObjectVersion {
    this.shelve(key);
    return this.append(key, { deleted: true, etag: '', size: 0, headers: {}, metadata: {}, file: '' });
  }

  /** Removes one version for good. */
  remove(key: string, versionId: string): ObjectVersion | undefined {
    const history = this.versions.get(key) ?? [];
    const found = history.find((one) => one.versionId === versionId);
    if (found?.file) {
      rmSync(found.file, { force: true });
    }
    const left = history.filter((one) => one !== found);
    if (left.length) this.versions.set(key, left);
    else this.versions.delete(key);
    return found;
  }

  private append(key: string, version: Omit<ObjectVersion, 'versionId' | 'modifiedAt'>): ObjectVersion {
    // S3 shows whole seconds.
    const modifiedAt = new Date(Math.floor(this.clock().getTime() / 1000) * 1000);
    const complete = { ...version, versionId: randomUUID().replaceAll('-', ''), modifiedAt };
    this.versions.set(key, [...this.history(key), complete]);
    return complete;
  }

  /** Moves the newest version's bytes aside, so that its place is free. */
  private shelve(key: string): void {
    const last = this.versions.get(key)?.at(-1);
    if (last?.file) {
      const aside = join(this.directory, '%versions', digest(key), last.versionId);
      mkdirSync(dirname(aside), { recursive: true });
      renameSync(last.file, aside);
      last.file = aside;
    }
  }

  /**
   * The path of a key, within the bucket's directory whatever the key is. Percent signs are always escaped in it, so
   * `%versions` and `%keys` can collide with nothing; a key whose place is taken goes to `%keys`.
   */
  private freePath(key: string): string {
    const steps = key.split('/').map(fileName);
    const path = join(this.directory, ...steps);
    const fits = steps.every((step) => step.length <= 200) && path.length <= 1000;
    const free = fits && !existsSync(path) && this.ancestorsAreDirectories(steps);
    return free ? path : join(this.directory, '%keys', `${digest(key)}-${randomUUID()}`);
  }

  private ancestorsAreDirectories(steps: readonly string[]): boolean {
    // Below a file, statSync answers ENOTDIR as no entry; that file is found at an earlier step.
    return steps.slice(0, -1).every((_, i) => {
      const path = join(this.directory, ...steps.slice(0, i + 1));
      return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? true;
    });
  }
}

/** One step of a key as a file name: `.`, `..` and the empty step have no meaning of their own. */
function fileName(step: string): string {
  if (/^\.*$/.test(step)) {
    return step === '' ? '%' : step.replaceAll('.', '%2E');
  }
  return encodeURIComponent(step.toWellFormed()).replaceAll('*', '%2A');
}

function digest(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}
