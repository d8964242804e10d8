import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '..', '..');
const CONTRACT = path.join('lib', 'private', 'contract');

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

/** Every import in a folder's TypeScript; relative ones as paths from the root. */
function importsOf(folder: string): Import[] {
  const files = readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(m|c)?ts$/.test(file))
    .map((file) => path.join(folder, file));
  return files.flatMap((file) => importsIn(readFileSync(path.join(ROOT, file), 'utf8'), file));
}

function importsIn(text: string, file: string): Import[] {
  const found = text.matchAll(
    /^\s*(?:import|export)\s+(type\s+)?(?:[\s\S]*?\sfrom\s+)?'([^']+)'|(?:import|require)\(\s*'([^']+)'\s*\)/gm,
  );
  return [...found].map(([, type, from, dynamic]) => {
    const target = from ?? dynamic;
    return {
      file,
      target: target.startsWith('.') ? path.normalize(path.join(path.dirname(file), target)) : target,
      typeOnly: type !== undefined,
    };
  });
}

const into = (folder: string) => (each: Import) => each.target === folder || each.target.startsWith(`${folder}/`);
const show = (imports: Import[]) => imports.map(({ file, target }) => `${file} -> ${target}`);

test('finds imports however they are written', () => {
  const text = `import a from '../lib/a';\nimport type {\n  B,\n} from '../lib/b';\nexport * from './c';\nconst d = await import('../lib/d');\nimport '../lib/e';`;
  expect(importsIn(text, 'lambda/x.ts')).toEqual([
    { file: 'lambda/x.ts', target: 'lib/a', typeOnly: false },
    { file: 'lambda/x.ts', target: 'lib/b', typeOnly: true },
    { file: 'lambda/x.ts', target: 'lambda/c', typeOnly: false },
    { file: 'lambda/x.ts', target: 'lib/d', typeOnly: false },
    { file: 'lambda/x.ts', target: 'lib/e', typeOnly: false },
  ]);
});

test.each(['lib', 'lambda', 'rehearsal', 'bin'])('%s imports something', (folder) => {
  expect(importsOf(folder).length).toBeGreaterThan(0);
});

test.each(['lambda', 'rehearsal'])('%s takes types of the contract from lib, and nothing else', (folder) => {
  const wrong = importsOf(folder)
    .filter(into('lib'))
    .filter((each) => !(each.typeOnly && into(CONTRACT)(each)));
  expect(show(wrong)).toEqual([]);
});

test.each(['lambda', 'rehearsal'])('%s knows no CDK', (folder) => {
  expect(show(importsOf(folder).filter(({ target }) => /^(aws-cdk-lib|constructs)(\/|$)/.test(target)))).toEqual([]);
});

test('lambda knows neither rehearsal nor bin', () => {
  expect(show(importsOf('lambda').filter((each) => into('rehearsal')(each) || into('bin')(each)))).toEqual([]);
});

test('rehearsal knows no bin', () => {
  expect(show(importsOf('rehearsal').filter(into('bin')))).toEqual([]);
});

test('lib is alone: itself, the CDK and Node', () => {
  const allowed = /^(lib\/|aws-cdk-lib(\/|$)|constructs$|node:)/;
  expect(show(importsOf('lib').filter(({ target }) => !allowed.test(target)))).toEqual([]);
});

test('the contract is types only', () => {
  const text = readdirSync(path.join(ROOT, CONTRACT)).map((file) =>
    readFileSync(path.join(ROOT, CONTRACT, file), 'utf8'),
  );
  expect(text.join('\n')).not.toMatch(/^export (const|let|function|class|enum|default)|^import (?!type )/m);
  expect(show(importsOf('lib').filter((each) => into(CONTRACT)(each) && !each.typeOnly))).toEqual([]);
});

test('the verification engine knows no AWS, and nothing of drills', () => {
  const wrong = importsOf('lambda/verification').filter(
    (each) => /^@aws-sdk|^@smithy/.test(each.target) || into('lambda/drill')(each) || into('lambda/evidence')(each),
  );
  expect(show(wrong)).toEqual([]);
});
