import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** The bytes of a version. */
export interface Content {
  readonly size: number;
  read(): Buffer;
}

export const NOTHING: Content = { size: 0, read: () => Buffer.alloc(0) };

/** Bytes that are made whenever somebody reads them: for as many objects as no disk should hold. */
export class MadeContent implements Content {
  constructor(
    readonly size: number,
    private readonly make: () => Buffer,
  ) {}

  read(): Buffer {
    return this.make();
  }
}

/** Bytes in a file that a person can open. */
export class FileContent implements Content {
  private held = false;

  constructor(
    private path: string,
    readonly size: number,
  ) {}

  read(): Buffer {
    return readFileSync(this.path);
  }

  moveTo(path: string): void {
    mkdirSync(dirname(path), { recursive: true });
    renameSync(this.path, path);
    this.path = path;
  }

  /** From now on a backup holds them too: they outlive their version. */
  hold(): void {
    this.held = true;
  }

  /** Their place is needed, or nobody needs them. */
  remove(path: string): void {
    if (this.held) this.moveTo(path);
    else rmSync(this.path, { force: true });
  }
}
