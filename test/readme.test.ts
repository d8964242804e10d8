import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(__dirname, '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]);

test('the README begins with an example of ten lines of CDK', () => {
  expect(examples).toHaveLength(2);
  expect(examples[0].trim().split('\n').length).toBeLessThanOrEqual(16);
});

test.each(examples)('an example of the README compiles against the public API', (example) => {
  const folder = mkdtempSync(path.join(root, 'test', '.readme-'));
  try {
    const file = path.join(folder, 'example.ts');
    writeFileSync(file, example);
    const program = ts.createProgram([file], {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.Preserve,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: ['node'],
      paths: { 'cdk-recoverable': [path.join(root, 'lib', 'index.ts')] },
    });
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n'));
    expect(problems).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('every command that the README names exists', () => {
  const { scripts, bin } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test']));
  expect(Object.keys(bin)).toEqual(['recoverable', 'cdk-recoverable']);
});
