import { readFileSync } from 'node:fs';
import path from 'node:path';
import { StatementScanner } from '../../../rehearsal/dump/statement-scanner';

const hard = readFileSync(path.join(__dirname, 'fixtures', 'hard.sql'), 'latin1');

/** Splits a script, showing the scanner so many characters more at a time. */
function split(script: string, step: number, plainQuotesEscape = false): string[] {
  const statements: string[] = [];
  for (let rest = script; ;) {
    const scanner = new StatementScanner(plainQuotesEscape);
    let shown = Math.min(step, rest.length);
    let result = scanner.scan(rest.slice(0, shown), shown === rest.length);
    while (result.kind === 'more') {
      shown = Math.min(shown + step, rest.length);
      result = scanner.scan(rest.slice(0, shown), shown === rest.length);
    }
    if (result.kind === 'unterminated') throw new Error(`${result.what} at ${result.from}`);
    const end = result.kind === 'statement' ? result.end : rest.length;
    if (scanner.start >= 0) statements.push(rest.slice(scanner.start, end));
    if (result.kind !== 'statement') return statements;
    rest = rest.slice(end);
  }
}

test('splits the hard script into its statements', () => {
  const statements = split(hard, hard.length);
  const words = statements.filter((one) => one !== ';').map((one) => one.split(/\s+/).slice(0, 3).join(' '));
  expect(words).toEqual([
    'CREATE TABLE words',
    'INSERT INTO words',
    'INSERT INTO words',
    'INSERT INTO words',
    'INSERT INTO words',
    expect.stringContaining('CREATE TABLE "odd'),
    expect.stringContaining('INSERT INTO "odd'),
    'CREATE TABLE logged',
    'CREATE RULE log_words',
    'CREATE FUNCTION plain_body(a',
    'CREATE OR REPLACE',
    'CREATE FUNCTION atomic_body(a',
    'CREATE OR REPLACE',
    'SELECT 1 AS',
    'CREATE TABLE "create"',
    'CREATE VIEW a$b$c',
    'PREPARE add_one AS',
    'SELECT 5 -',
    'DELETE FROM words',
    'INSERT INTO words',
  ]);
});

test.each([1, 2, 3, 7, 64])('splits alike when it sees %i characters at a time', (step) => {
  expect(split(hard, step)).toEqual(split(hard, hard.length));
});

test('backslashes escape in plain quotes only when standard_conforming_strings is off', () => {
  expect(split(String.raw`SELECT 'a\'; SELECT 2;`, 100)).toHaveLength(2);
  expect(split(String.raw`SELECT 'a\'; SELECT 2;' ; SELECT 3;`, 100, true)).toHaveLength(2);
});

test.each([
  [`SELECT 'open`, 'quote', 7],
  ['SELECT "open', 'quoted name', 7],
  ['SELECT $a$ open $b$', 'dollar quote', 7],
  ['/* open /* */', 'comment', 0],
])('says what has no end: %s', (script, what, from) => {
  expect(new StatementScanner(false).scan(script, true)).toEqual({ kind: 'unterminated', what, from });
});

test('a megabyte in one quote is scanned in no time', () => {
  const script = `INSERT INTO t VALUES ('${`x''y;`.repeat(200_000)}');`;
  expect(split(script, 65_536)).toEqual([script]);
});
