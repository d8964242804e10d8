// Synth time and resources of an app that protects 1, 10 and 100 databases with the library, beside one that makes the same
// resources without it. Every synthesis is a process of its own, into an empty folder; both sides take turns. Medians of the
// processor time of the whole process, loading included: on a busy machine it says more than the clock. Ends with 1 where the library takes more than 1.3 times as long.
import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const { values: options } = parseArgs({ options: { json: { type: 'boolean' }, rounds: { type: 'string' } } });
const ROUNDS = Number(options.rounds ?? 7);
const SIDES = ['with-library', 'by-hand'];
const DATABASES = [1, 10, 100];
const LIMIT = 1.3;

const bench = path.dirname(fileURLToPath(import.meta.url));
const built = path.join(bench, '.built');
const run = promisify(execFile);

await build({
  entryPoints: SIDES.map((side) => path.join(bench, `${side}.ts`)),
  bundle: true,
  platform: 'node',
  external: ['aws-cdk-lib', 'constructs'],
  outdir: built,
  logLevel: 'warning',
});

async function synthesize(side, databases) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-'));
  try {
    const { stdout } = await run(process.execPath, [path.join(built, `${side}.js`), databases, folder]);
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(databases) {
  const runs = Object.fromEntries(SIDES.map((side) => [side, []]));
  // The first of each only warms the machine's cache of files.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const side of round % 2 === 0 ? SIDES : SIDES.toReversed()) {
      const result = await synthesize(side, databases);
      if (round > 0) runs[side].push(result);
    }
  }
  const [library, hand] = SIDES.map((side) => ({
    seconds: median(runs[side].map(({ seconds }) => seconds)),
    resources: Object.values(runs[side][0].types).reduce((sum, count) => sum + count, 0),
    types: runs[side][0].types,
  }));
  const ratio = round(library.seconds / hand.seconds);
  return { databases, library: rounded(library), byHand: rounded(hand), ratio, withinLimit: ratio <= LIMIT };
}

const rounded = (side) => ({ ...side, seconds: round(side.seconds) });
const round = (value) => Math.round(value * 1000) / 1000;

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function print(results) {
  const lines = results.map(({ databases, library, byHand, ratio }) => ({
    databases,
    'with the library, s': library.seconds,
    'by hand, s': byHand.seconds,
    ratio,
    'resources with the library': library.resources,
    'by hand': byHand.resources,
  }));
  console.table(lines);
}

const results = [];
for (const databases of DATABASES) results.push(await compare(databases));
if (options.json) {
  process.stdout.write(
    `${JSON.stringify({ schema: 'cdk-recoverable/bench-synth/v1', rounds: ROUNDS, limit: LIMIT, results }, null, 2)}\n`,
  );
} else {
  print(results);
}
process.exitCode = results.every(({ withinLimit }) => withinLimit) ? 0 : 1;
