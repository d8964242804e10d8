import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';

const BENCH = path.resolve(__dirname, '../../bench');

/** The kinds and numbers of resources of one side of the comparison; how long it took is not asked here. */
function types(side: string, folder: string): Record<string, number> {
  const outfile = path.join(BENCH, '.built', `${side}.js`);
  buildSync({
    ...{ entryPoints: [path.join(BENCH, `${side}.ts`)], outfile, bundle: true, platform: 'node' },
    external: ['aws-cdk-lib', 'constructs'],
  });
  const run = execFileSync(process.execPath, [outfile, '3', path.join(folder, side)], {
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  return JSON.parse(run).types;
}

test('what synthesis is compared with makes the same kinds of resources, and as many', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    const [library, hand] = ['with-library', 'by-hand'].map((side) => types(side, folder));
    expect(Object.keys(hand).sort()).toEqual(Object.keys(library).sort());
    const count = (of: Record<string, number>) => Object.values(of).reduce((sum, each) => sum + each, 0);
    expect(count(library)).toBeGreaterThan(100);
    expect(Math.abs(count(hand) / count(library) - 1)).toBeLessThan(0.05);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
