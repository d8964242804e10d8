import { constants, type Dirent } from 'node:fs';
import { copyFile, lchown, mkdir, readdir, readlink, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { ServerUser } from './identity';

export interface CopyOptions {
  /** Whose the copy becomes; absent: our own. */
  readonly user: ServerUser | undefined;
  /** Is this path (relative to the source) left out? */
  readonly skip?: (relative: string) => boolean;
}

/** As many as Node's thread pool works on at a time. */
const WORKERS = 4;

/**
 * Copies a directory whose files may vanish or change meanwhile, as those of a running server do.
 * `target` must not exist. Directories become 0700. Returns the bytes copied.
 */
export async function copyTree(source: string, target: string, { user, skip }: CopyOptions): Promise<number> {
  const files: string[] = [];
  await copyDirectories(source, target, '', { user, skip }, files);
  let bytes = 0;
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < files.length) {
      const relative = files[next++];
      const copied = await unlessVanished(copyOne(path.join(source, relative), path.join(target, relative), user));
      bytes += copied ?? 0;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return bytes;
}

async function copyDirectories(
  source: string,
  target: string,
  relative: string,
  options: CopyOptions,
  files: string[],
): Promise<void> {
  const at = path.join(target, relative);
  await mkdir(at, { mode: 0o700 });
  if (options.user) await lchown(at, options.user.uid, options.user.gid);
  const entries = await unlessVanished(readdir(path.join(source, relative), { withFileTypes: true }));
  for (const entry of entries ?? []) {
    const inside = path.join(relative, entry.name);
    if (options.skip?.(inside)) continue;
    if (entry.isDirectory()) await copyDirectories(source, target, inside, options, files);
    else if (isCopied(entry)) files.push(inside);
  }
}

function isCopied(entry: Dirent): boolean {
  return entry.isFile() || entry.isSymbolicLink();
}

async function copyOne(source: string, target: string, user: ServerUser | undefined): Promise<number> {
  // COPYFILE_FICLONE: file systems that share blocks make the copy for nothing.
  const link = await readlink(source).catch(() => undefined);
  if (link === undefined) await copyFile(source, target, constants.COPYFILE_FICLONE);
  else await symlink(link, target);
  if (user) await lchown(target, user.uid, user.gid);
  return link === undefined ? (await stat(target)).size : 0;
}

async function unlessVanished<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
