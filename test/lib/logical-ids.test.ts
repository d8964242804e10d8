import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { example } from '../../bin/app/example';
import { newApp } from './app';

const FILE = path.join(__dirname, 'logical-ids.json');

/** Version ids carry the hash of their code. */
const neutral = (id: string) => id.replace(/(CurrentVersion)[0-9a-fA-F]{40}$/, '$1');

function logicalIds(): Record<string, string[]> {
  const app = newApp();
  example(app);
  return Object.fromEntries(
    app.synth().stacks.map(({ stackName, template }) => [
      stackName,
      Object.entries(template.Resources as Record<string, { Type: string }>)
        .map(([id, { Type }]) => `${Type} ${neutral(id)}`)
        .sort(),
    ]),
  );
}

test('logical ids stay: another id replaces what it names, and what is kept is left behind', () => {
  expect(logicalIds()).toEqual(JSON.parse(readFileSync(FILE, 'utf8')));
});
