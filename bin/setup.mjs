// Makes a fresh clone ready: installs packages, bundles handlers and command, synthesizes the example. Skips what is up to
// date, so that `npm start` and `npm test` each work as the first and only command. Plain Node: nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const inRoot = (...parts) => path.join(root, ...parts);

function run(what, command, args) {
  process.stderr.write(`${what} ...\n`);
  const started = Date.now();
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write(`${what} failed: ${command} ${args.join(' ')} ended with ${status}\n`);
    process.exit(status ?? 1);
  }
  process.stderr.write(`${what}: ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}

/** A stamp holds the hash of what a step was made from; the same hash means nothing to do. */
function step(what, stamp, inputs, outputs, action) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesUnder).sort())
    hash.update(path.relative(root, file)).update(readFileSync(file));
  const digest = hash.digest('hex');
  const done =
    existsSync(stamp) && readFileSync(stamp, 'utf8') === digest && outputs.every((output) => existsSync(output));
  if (done) return;
  rmSync(stamp, { force: true });
  action(what);
  writeFileSync(stamp, digest);
}

function filesUnder(place) {
  if (!existsSync(place)) return [];
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

const sources = ['lambda', 'rehearsal', 'bin', 'lib'].map((folder) => inRoot(folder));
const lock = inRoot('package-lock.json');

step(
  'installing packages',
  inRoot('node_modules', '.recoverable-installed'),
  [inRoot('package.json'), lock],
  [inRoot('node_modules', 'aws-cdk-lib')],
  (what) => run(what, 'npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']),
);
step(
  'bundling handlers and command',
  inRoot('assets', '.bundled'),
  // The rehearsal gives its caller the rights that an example names.
  [...sources, inRoot('examples'), lock],
  [inRoot('assets', 'handlers'), inRoot('assets', 'command')],
  (what) => run(what, process.execPath, [inRoot('bin', 'bundle.mjs')]),
);
step(
  'synthesizing the example',
  inRoot('assets', '.synthesized'),
  [...sources, inRoot('cdk.json'), lock],
  [inRoot('assets', 'example', 'manifest.json')],
  (what) => {
    // A synthesis leaves the assets of earlier ones, and all that lies here is packed.
    rmSync(inRoot('assets', 'example'), { recursive: true, force: true });
    run(what, 'npm', ['run', '--silent', 'example']);
  },
);
