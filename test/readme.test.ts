import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { PRICES } from '../lambda/evidence/prices';
import { readAssembly } from '../rehearsal/assembly/read';
import { printEstimate } from '../rehearsal/command/cost/print';
import { estimate } from '../rehearsal/cost/estimate';

const root = path.resolve(__dirname, '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]);

test('the README begins with an example of ten lines of CDK', () => {
  expect(examples).toHaveLength(3);
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

test('what the README says of costs is what the command says of the example', () => {
  const assumptions = { gib: new Map<string, number>(), changeRate: 0.02, drillHours: 1 };
  const costs = estimate(readAssembly(path.join(root, 'assets', 'example')), PRICES, assumptions);
  const [table] = printEstimate(costs).split('\n\nHow it was reckoned');
  expect(readme).toContain(`$ npx recoverable cost --app cdk.out\n${table}\n\`\`\``);

  const idle = costs.resources
    .find(({ name }) => name === 'Shop/Orders')!
    .lines.filter(({ group }) => group === 'idle');
  const dollars = idle.reduce((sum, { usd }) => sum + usd!, 0);
  const [, said] = /costs at most 1 dollar per resource and month \((\d\.\d\d) here/.exec(readme) ?? [];
  expect(said).toBe(dollars.toFixed(2));
});
