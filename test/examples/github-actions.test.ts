import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Faults } from '../../rehearsal/aws';
import { openBackups, type Backups } from '../rehearsal/command/backup-account';
import { ended, Playground } from '../rehearsal/command/support';

jest.setTimeout(60_000);

const root = path.resolve(__dirname, '../..');
const EXAMPLE = path.join(root, 'examples', 'github-actions');
const SCRIPT = 'backup-before-migration.sh';
const workflow = readFileSync(path.join(EXAMPLE, 'deploy.yml'), 'utf8');

let playground: Playground;
let backups: Backups;
const faults: Faults = {};
beforeEach(async () => {
  faults.snapshotFails = false;
  backups = await openBackups({ faults });
  playground = new Playground();
  // A user's project: the script, and the package installed.
  cpSync(path.join(EXAMPLE, SCRIPT), path.join(playground.folder, SCRIPT));
  const bin = path.join(playground.folder, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  cpSync(path.join(root, 'assets', 'command', 'recoverable.js'), path.join(bin, 'cdk-recoverable'));
  // As npm does when it installs.
  chmodSync(path.join(bin, 'cdk-recoverable'), 0o755);
  writeFileSync(path.join(playground.folder, 'package.json'), '{}');
});
afterEach(async () => {
  await backups.close();
  playground.remove();
});

/** The step that the workflow runs, with what GitHub sets. */
async function step(resource: string, reason: string) {
  const output = path.join(playground.folder, 'output');
  const child = spawn('bash', ['-c', `./${SCRIPT} "$RESOURCE" "$REASON"`], {
    cwd: playground.folder,
    env: { ...process.env, ...backups.environment, RESOURCE: resource, REASON: reason, GITHUB_OUTPUT: output },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { ...(await ended(child)), output: existsSync(output) ? readFileSync(output, 'utf8') : '' };
}

test('the workflow runs the script with variables, never with text pasted into a shell', () => {
  expect(workflow).toContain(`run: ./${SCRIPT} "$RESOURCE" "$REASON"`);
  const runs = workflow.split('\n').filter((line) => /\brun:/.test(line));
  expect(runs.length).toBeGreaterThan(2);
  expect(runs.filter((line) => line.includes('${{'))).toEqual([]);
  expect(workflow.indexOf(`run: ./${SCRIPT}`)).toBeLessThan(workflow.indexOf('run: npx cdk deploy'));
});

test('the script ends when there is a backup, and hands its name on', async () => {
  const reason = 'before deployment of acme/shop@0123456789abcdef0123456789abcdef01234567';
  const { status, stdout, output } = await step('gold/orders', reason);
  expect(status).toBe(0);
  const [{ identifier, status: made, tags }] = backups.snapshots();
  expect(made).toBe('available');
  expect(tags).toContainEqual({ Key: 'cdk-recoverable:reason', Value: reason });
  expect(stdout).toBe(`gold/orders is backed up as ${identifier}\n`);
  expect(output).toBe(`snapshot=${identifier}\n`);
});

test('without a backup the script fails, and says why', async () => {
  faults.snapshotFails = true;
  const failed = await step('gold/orders', 'before a deployment');
  expect({ ...failed, stderr: '' }).toEqual({ status: 1, stdout: '', stderr: '', output: '' });
  expect(failed.stderr).toMatch(/gold\/orders {2}failed: snapshot \S+ is failed/);
  const unknown = await step('gold/customers', 'before a deployment');
  expect(unknown.status).toBe(2);
  expect(unknown.stderr).toMatch(/nothing named "gold\/customers" is protected/);
});
