import { existsSync } from 'node:fs';
import path from 'node:path';

/** The package's own folder, from its sources as well as from the bundled command. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder)
      throw new Error(`no package.json above ${__dirname}: the installation of cdk-recoverable is incomplete`);
    folder = parent;
  }
  return folder;
}

export const assetsFolder = () => path.join(packageRoot(), 'assets');
