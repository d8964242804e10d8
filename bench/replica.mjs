// The bundled files function beside a plain load generator that makes the same requests, as many at once, of the same rehearsed S3,
// in turn: requests a second, the best run of each. Then the function alone over a million keys: its memory and its largest answer. Ends with 1
// where the function makes less than 0.7 of the load generator's requests a second, or does not find every object in order.
import { build } from 'esbuild';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string' },
    objects: { type: 'string' },
    keys: { type: 'string' },
  },
});
const ROUNDS = Number(options.rounds ?? 5);
const OBJECTS = Number(options.objects ?? 1000);
const KEYS = Number(options.keys ?? 1_000_000);
const LEAST = 0.7;
/** What the function allows itself at once. */
const AT_ONCE = 24;
/** Of the function's process, whatever the number of keys; it has 1,024 MiB on AWS. */
const MOST_MIB = 400;

const bench = path.dirname(fileURLToPath(import.meta.url));
const handler = path.join(bench, '..', 'assets', 'handlers', 'files', 'index.mjs');
const server = path.join(bench, '.built', 'replica-server.cjs');
await build({
  entryPoints: [path.join(bench, 'replica-server.ts')],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  packages: 'external',
  outfile: server,
  logLevel: 'warning',
});

const children = [];
function start(file, args = [], env = {}) {
  const child = fork(file, args.map(String), {
    env: { PATH: process.env.PATH, ...env },
    execArgv: ['--no-warnings', '--max-old-space-size=8192'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(child);
  child.once('exit', (code) => {
    if (code === 0 || child.killed) return;
    console.error(`${path.basename(file)} ended with ${code}`);
    process.exit(1);
  });
  return child;
}
const hear = async (child) => (await once(child, 'message'))[0];
const ask = async (child, message = {}) => {
  const heard = hear(child);
  child.send(message);
  return heard;
};

async function open(objects) {
  const s3 = start(server, [objects]);
  const { url } = await hear(s3);
  const env = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'AKIABENCH',
    AWS_SECRET_ACCESS_KEY: 'not checked',
    AWS_REGION: 'eu-central-1',
    AWS_MAX_ATTEMPTS: '5',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
  return { s3, env };
}

const question = (sample) => ({
  kind: 'replica',
  bucket: {
    name: 'bench/uploads',
    bucket: 'source-of-bench',
    region: 'eu-west-1',
    replica: { bucket: 'replica-of-bench', region: 'eu-central-1', lagSeconds: 1800, deleteMarkers: false },
  },
  sample,
  seed: '5eed',
  reference: '2026-02-01T00:00:00.000Z',
});

/** One run, with what the server counted of it. */
async function run(s3, child, message) {
  await ask(s3);
  const ran = await ask(child, message);
  const { requests, failed, problems } = await ask(s3);
  if (failed > 0 || problems.length > 0) throw new Error(`${failed} requests failed: ${problems.join('; ')}`);
  return { ...ran, requests, perSecond: requests / ran.seconds };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rounded = (value, digits = 0) => Number(value.toFixed(digits));

async function compare() {
  const { s3, env } = await open(OBJECTS);
  const verifier = start(path.join(bench, 'replica-verifier.mjs'), [handler], env);
  const load = start(path.join(bench, 'replica-load.mjs'), [AT_ONCE], env);
  const buckets = { source: 'source-of-bench', replica: 'replica-of-bench' };
  const runs = { verifier: [], load: [] };
  // The first of each warms up, and has the server compute checksums.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const looked = await run(s3, verifier, question({ every: true }));
    const loaded = await run(s3, load, buckets);
    if (round === 0) continue;
    runs.verifier.push(looked);
    runs.load.push(loaded);
  }
  [s3, verifier, load].forEach((child) => child.kill());
  // Whatever else is busy only slows a run, so that the best ones are compared.
  const best = (name) => Math.max(...runs[name].map(({ perSecond }) => perSecond));
  const side = (name) => ({
    requests: runs[name][0].requests,
    seconds: rounded(median(runs[name].map(({ seconds }) => seconds)), 2),
    requestsPerSecond: rounded(median(runs[name].map(({ perSecond }) => perSecond))),
    bestRequestsPerSecond: rounded(best(name)),
  });
  const { finding } = runs.verifier.at(-1);
  const found = finding.counts.strata.every === OBJECTS && Object.keys(finding.counts.problems).length === 0;
  const ratio = best('verifier') / best('load');
  return { verifier: side('verifier'), load: side('load'), ratio: rounded(ratio, 3), found };
}

async function hold() {
  const { s3, env } = await open(KEYS);
  const verifier = start(path.join(bench, 'replica-verifier.mjs'), [handler], env);
  const ran = await run(s3, verifier, question({ fraction: 0.01, confidence: 0.99 }));
  [s3, verifier].forEach((child) => child.kill());
  return {
    keys: ran.finding.population,
    lookedAt: ran.finding.counts.chance.looked,
    requests: ran.requests,
    seconds: rounded(ran.seconds, 1),
    rssMib: rounded(ran.rssMib),
    largestAnswerBytes: ran.largestAnswer,
    found: ran.finding.population === KEYS && Object.keys(ran.finding.counts.problems).length === 0,
  };
}

const throughput = await compare();
const memory = await hold();
const passed = throughput.ratio >= LEAST && throughput.found && memory.found && memory.rssMib <= MOST_MIB;
if (options.json) {
  const limits = { least: LEAST, mostMib: MOST_MIB };
  const report = { schema: 'cdk-recoverable/bench-replica/v1', rounds: ROUNDS, objects: OBJECTS, ...limits };
  process.stdout.write(`${JSON.stringify({ ...report, throughput, memory, passed }, null, 2)}\n`);
} else {
  console.table({ verifier: throughput.verifier, 'plain load': throughput.load });
  console.log(`ratio ${throughput.ratio}, at least ${LEAST}`);
  console.table(memory);
}
process.exitCode = passed ? 0 : 1;
