import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '..', '..');
let folder: string;
let output: string;
let assembly: {
  readonly types: Record<string, { readonly kind: string; readonly docs?: { readonly summary?: string } }>;
};

// The real compiler, in a folder of its own: nothing in the repository is written.
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'jsii-'));
  for (const name of ['lib', 'LICENSE', 'README.md']) {
    cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  }
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest()));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
  const run = spawnSync(
    process.execPath,
    [path.join(ROOT, 'node_modules', 'jsii', 'bin', 'jsii'), '--generate-tsconfig', 'tsconfig.jsii.json'],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
    },
  );
  output = `${run.stdout}${run.stderr}`;
  const file = path.join(folder, '.jsii');
  assembly = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { types: {} };
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('jsii compiles the library without a warning', () => {
  expect(output).not.toMatch(/\b(error|warning) (TS|JSII)\d+|\[ERROR\]/);
  expect(Object.keys(assembly.types)).toEqual(
    expect.arrayContaining(['RecoverySite', 'RecoveryPlan', 'Check'].map((name) => `cdk-recoverable.${name}`)),
  );
});

test('no type is a union', () => {
  expect(paths(assembly.types, (value) => 'union' in value)).toEqual([]);
});

test('everything is documented, and every optional property says its default', () => {
  const types = Object.entries(assembly.types);
  expect(types.filter(([, type]) => !type.docs?.summary).map(([name]) => name)).toEqual([]);
  const silent = types.flatMap(([name, type]) => {
    const members = [...list(type, 'properties'), ...list(type, 'methods'), ...list(type, 'members')];
    return members
      .filter(({ docs, optional }) => !docs?.summary || (optional && type.kind === 'interface' && !docs.default))
      .map((member) => `${name}.${member.name}`);
  });
  expect(silent).toEqual([]);
});

/** The package's own, with the compiler's settings made by jsii itself. */
function manifest(): object {
  const { jsii, ...rest } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  return { ...rest, jsii: { ...jsii, tsconfig: undefined, tsc: { rootDir: 'lib', outDir: 'build' } } };
}

interface Member {
  readonly name: string;
  readonly optional?: boolean;
  readonly docs?: { readonly summary?: string; readonly default?: string };
}

function list(type: unknown, kind: string): Member[] {
  return (type as Record<string, Member[] | undefined>)[kind] ?? [];
}

function paths(value: unknown, matches: (value: object) => boolean, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const here = matches(value) ? [at] : [];
  return [...here, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, matches, `${at}/${key}`))];
}
