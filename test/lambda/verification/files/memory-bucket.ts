import { createHash } from 'node:crypto';
import {
  FileError,
  type Bucket,
  type Described,
  type Listed,
  type Page,
  type Version,
} from '../../../../lambda/verification/files/engine';

/** Objects that are made when somebody asks: `count` of them, whose keys sort by their number. */
export class MadeBucket implements Bucket {
  lists = 0;
  heads = 0;

  constructor(
    private readonly count: number,
    private readonly has: (index: number) => boolean = () => true,
    private readonly replication: Described['replication'] | 'none' = 'completed',
  ) {}

  async list(after: string | null): Promise<Page> {
    this.lists++;
    const objects: Listed[] = [];
    let index = after === null ? 0 : Number(after.slice(2)) + 1;
    for (; index < this.count && objects.length < 1000; index++) if (this.has(index)) objects.push(this.object(index));
    return { objects, more: index < this.count };
  }

  async listVersions(key: string): Promise<Version[]> {
    const index = Number(key.slice(2));
    return this.has(index) ? [{ ...this.object(index), versionId: '1', marker: false }] : [];
  }

  async head(key: string): Promise<Described> {
    this.heads++;
    const index = Number(key.slice(2));
    if (!this.has(index)) throw new FileError('missing', 'gone');
    const value = createHash('sha256').update(key).digest('base64');
    const { size, modified } = this.object(index);
    const checksums = [{ algorithm: 'SHA256', type: 'FULL_OBJECT', value } as const];
    return { size, modified, checksums, ...(this.replication !== 'none' && { replication: this.replication }) };
  }

  async get(): Promise<AsyncIterable<Uint8Array>> {
    return (async function* () {
      yield Buffer.alloc(100);
    })();
  }

  private object(index: number): Listed {
    return {
      key: `k/${String(index).padStart(9, '0')}`,
      size: 100,
      modified: Date.parse('2026-01-01T00:00:00Z') + index,
    };
  }
}
