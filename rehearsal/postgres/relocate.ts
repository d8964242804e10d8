import { lchown, mkdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { copyTree } from './copy-tree';
import { giveTo, type ServerUser } from './identity';

/**
 * Copies the embedded server to where its user can read it and makes the library links that npm does not ship.
 * The package makes these links in an install script, which npm 12 does not run; and a clone below /root cannot be
 * read by nobody. Copied, not linked: the server finds its `share` directory from its own path.
 * @returns the copy's bin directory
 */
export async function relocate(native: string, scratch: string, user: ServerUser | undefined): Promise<string> {
  const target = path.join(scratch, 'native');
  await mkdir(target, { mode: 0o700 });
  await giveTo(user, target);
  for (const part of ['bin', 'share', 'lib']) {
    await copyTree(path.join(native, part), path.join(target, part), { user, skip: isForBuilding });
  }
  for (const { source, target: link } of await links(native)) {
    const at = path.resolve(target, '..', link);
    await symlink(path.relative(path.dirname(at), path.resolve(target, '..', source)), at).catch(unlessThere);
    if (user) await lchown(at, user.uid, user.gid);
  }
  return path.join(target, 'bin');
}

/** Static libraries and build files are of no use to a running server. */
function isForBuilding(file: string): boolean {
  return file.endsWith('.a') || path.basename(file) === 'pkgconfig';
}

/** Paths in this list begin with `native/`. */
async function links(native: string): Promise<{ source: string; target: string }[]> {
  try {
    return JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8')) as {
      source: string;
      target: string;
    }[];
  } catch {
    // Platforms whose libraries need no links have no list.
    return [];
  }
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
