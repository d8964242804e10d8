import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import BTree from 'sorted-btree';
import { FileContent, MadeContent, NOTHING, type Content } from './content';
import { compareKeys, compareUnits } from './key-order';
import type { Encryption, ObjectVersion, Written } from './version';

/** Many objects at once, of which no file is made. */
export interface Filling {
  readonly key: string;
  readonly size: number;
  /** The same bytes each time. */
  readonly read: () => Buffer;
  /** When it was written; default: now. */
  readonly at?: Date;
}

const NO_HEADERS = Object.freeze({ ContentType: 'binary/octet-stream' });
const NO_METADATA = Object.freeze({});

/**
 * The objects of one bucket, in files that a person can open: the newest version under its key, older ones under
 * `%versions`. What exists is kept in memory, sorted; every change is one synchronous step, so conditional writes are atomic.
 */
export class BucketStorage {
  /** Versions of a key from the oldest to the newest. */
  private readonly objects = new BTree<string, ObjectVersion[]>(undefined, (a, b) =>
    this.plain ? compareUnits(a, b) : compareKeys(a, b),
  );
  /** No key has a character from the surrogates on: until one has, the order of units is that of bytes, and quicker. */
  private plain = true;
  private readonly followers: ((key: string, version: ObjectVersion) => void)[] = [];

  constructor(
    private readonly directory: string,
    private readonly clock: () => Date,
  ) {
    mkdirSync(directory, { recursive: true });
  }

  newest(key: string): ObjectVersion | undefined {
    const last = this.objects.get(key)?.at(-1);
    return last?.deleted ? undefined : last;
  }

  version(key: string, versionId: string): ObjectVersion | undefined {
    return this.objects.get(key)?.find((one) => one.versionId === versionId);
  }

  /** Keys that are not deleted, in the order S3 lists them. */
  keys(): string[] {
    return [...this.from('')].filter(([, history]) => !history.at(-1)?.deleted).map(([key]) => key);
  }

  /** Every key from this one on, in the order S3 lists them. */
  from(key: string): IterableIterator<[string, ObjectVersion[]]> {
    return this.objects.entries(key);
  }

  history(key: string): readonly ObjectVersion[] {
    return this.objects.get(key) ?? [];
  }

  write(key: string, written: Written): ObjectVersion {
    const { versionId = newVersionId(), createdAt = this.clock().getTime() } = written;
    const { content, etag } = this.keep(key, written, versionId, createdAt);
    return this.add(key, {
      versionId,
      createdAt,
      deleted: false,
      etag,
      size: content.size,
      headers: written.headers ?? NO_HEADERS,
      metadata: written.metadata ?? NO_METADATA,
      encryption: written.encryption,
      content,
      ...(written.checksums && { checksums: written.checksums }),
      ...(written.replication && { replication: written.replication }),
    });
  }

  /** Puts many objects there that are encrypted alike. */
  *fill(objects: Iterable<Filling>, encryption: Encryption): Generator<[string, ObjectVersion]> {
    for (const { key, size, read, at } of objects) {
      yield [key, this.write(key, { content: new MadeContent(size, read), encryption, createdAt: at?.getTime() })];
    }
  }

  /** Hides an object behind a delete marker; its versions stay. */
  mark(key: string, { versionId = newVersionId(), createdAt = this.clock().getTime() } = {}): ObjectVersion {
    this.shelve(key, createdAt);
    const none = { etag: '', size: 0, headers: NO_HEADERS, metadata: NO_METADATA, encryption: { bucketKey: false } };
    return this.add(key, { versionId, createdAt, deleted: true, ...none, content: NOTHING });
  }

  /** Removes one version for good. */
  remove(key: string, versionId: string): ObjectVersion | undefined {
    const history = this.history(key);
    const found = history.find((one) => one.versionId === versionId);
    if (found) this.followers.forEach((follow) => follow(key, found));
    if (found?.content instanceof FileContent) found.content.remove(join(this.directory, '%held', versionId));
    const left = history.filter((one) => one !== found);
    if (left.length) this.objects.set(key, left);
    else this.objects.delete(key);
    return found;
  }

  /** Somebody hears of what is removed for good, just before it is. */
  onRemoved(follow: (key: string, version: ObjectVersion) => void): void {
    this.followers.push(follow);
  }

  /** Puts another version in the place of one, whatever S3 would say. */
  exchange(key: string, versionId: string, other: ObjectVersion): void {
    this.objects.set(
      key,
      this.history(key).map((one) => (one.versionId === versionId ? other : one)),
    );
  }

  /** Behind all that are not younger: a replica may come after what was written later. */
  private add(key: string, version: ObjectVersion): ObjectVersion {
    const history = this.objects.get(key);
    this.plain &&= !/[\ud800-\uffff]/.test(key);
    if (!history) this.objects.set(key, [version]);
    else history.splice(placeIn(history, version.createdAt), 0, version);
    return version;
  }

  private keep(key: string, { content, encryption }: Written, versionId: string, createdAt: number) {
    // Under KMS a tag says nothing of the content. Nobody reads all that is made for the sake of a tag, either.
    const etag = (of: Buffer | string) => `"${createHash('md5').update(of).digest('hex')}"`;
    if (content instanceof MadeContent) return { content, etag: `"${versionId}"` };
    const bytes = Buffer.isBuffer(content) ? content : content.read();
    const newest = placeIn(this.history(key), createdAt) === this.history(key).length;
    this.shelve(key, createdAt);
    const path = newest ? this.freePath(key) : this.aside(key, versionId);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes, { flag: 'wx' });
    const file: Content = new FileContent(path, bytes.length);
    return { content: file, etag: etag(encryption.kmsKeyArn ? this.directory + versionId : bytes) };
  }

  /** Moves the newest version's bytes aside, so that its place is free for one that is not older. */
  private shelve(key: string, createdAt: number): void {
    const last = this.objects.get(key)?.at(-1);
    if (last && last.createdAt <= createdAt && last.content instanceof FileContent) {
      last.content.moveTo(this.aside(key, last.versionId));
    }
  }

  private aside(key: string, versionId: string): string {
    return join(this.directory, '%versions', digest(key), versionId);
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

function placeIn(history: readonly ObjectVersion[], createdAt: number): number {
  let place = history.length;
  while (place > 0 && history[place - 1].createdAt > createdAt) place--;
  return place;
}

function newVersionId(): string {
  return randomUUID().replaceAll('-', '');
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
