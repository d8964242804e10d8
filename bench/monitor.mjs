// The bundled monitor function over the rehearsed AWS, by HTTP and under its synthesized role, for 10, 100 and 1,000 protected
// databases: calls, time and memory of a run that asks for points in time alone (fast), for everything (full), for settings too
// (settings), and of one that AWS throttles. Each size in a process of its own; medians. Judged by calls and by the processor time of
// the function: the clock has the rehearsed AWS in it, and whatever else is busy. Ends with 1 where a resource costs more than 1.3
// times as much at 1,000 as at 100, or where a data point is lost in silence.
import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string' }, sizes: { type: 'string' } },
});
const ROUNDS = Number(options.rounds ?? 3);
const SIZES = (options.sizes ?? '10,100,1000').split(',').map(Number);
const LIMIT = 1.3;
const MEASURED = ['fast', 'full', 'settings'];

const bench = path.dirname(fileURLToPath(import.meta.url));
const built = path.join(bench, '.built');
const run = promisify(execFile);

await build({
  entryPoints: [path.join(bench, 'monitor.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  // Its default export is not one where Node.js imports it itself.
  alias: { 'sorted-btree': fileURLToPath(import.meta.resolve('sorted-btree')) },
  outfile: path.join(built, 'monitor.mjs'),
  banner: { js: `const __dirname = ${JSON.stringify(built)};` },
  logLevel: 'warning',
});

async function measure(resources) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { stdout } = await run(process.execPath, [path.join(built, 'monitor.mjs'), resources], {
      maxBuffer: 2 ** 26,
    });
    rounds.push(JSON.parse(stdout).runs);
  }
  const runs = rounds[0].map((first, index) => ({
    ...first,
    seconds: round(median(rounds.map((each) => each[index].seconds))),
    cpuSeconds: round(median(rounds.map((each) => each[index].cpuSeconds))),
    rssMib: Math.round(median(rounds.map((each) => each[index].rssMib))),
    lost: resources - first.points - first.missing,
  }));
  return { resources, runs };
}

/** Calls and seconds for each resource, at the largest size over the one before it. */
function growth(results) {
  const [before, largest] = results.slice(-2);
  return MEASURED.map((name) => {
    const each = (result, what) => result.runs.find((one) => one.name === name)[what] / result.resources;
    const ratio = (what) => round(each(largest, what) / each(before, what));
    return { run: name, calls: ratio('calls'), cpuSeconds: ratio('cpuSeconds'), seconds: ratio('seconds') };
  });
}

const round = (value) => Math.round(value * 1000) / 1000;

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const results = [];
for (const resources of SIZES) results.push(await measure(resources));
const ratios = growth(results);
const lost = results.flatMap(({ resources, runs }) =>
  runs.filter((one) => one.lost !== 0).map(({ name, lost: count }) => ({ resources, run: name, lost: count })),
);
const withinLimit = ratios.every(({ calls, cpuSeconds }) => calls <= LIMIT && cpuSeconds <= LIMIT);
if (options.json) {
  const report = { schema: 'cdk-recoverable/bench-monitor/v1', rounds: ROUNDS, limit: LIMIT, results, ratios, lost };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} else {
  console.table(
    results.flatMap(({ resources, runs }) =>
      runs.map(({ name, calls, cpuSeconds, seconds, rssMib, points, missing }) => ({
        resources,
        run: name,
        calls,
        'processor, s': cpuSeconds,
        'clock, s': seconds,
        'memory so far, MiB': rssMib,
        points,
        'named as missing': missing,
      })),
    ),
  );
  console.table(ratios);
}
process.exitCode = withinLimit && lost.length === 0 ? 0 : 1;
