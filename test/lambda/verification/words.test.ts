import fc from 'fast-check';
import { connectError, statementError } from '../../../lambda/verification/postgres/errors';
import { identifier, qualified } from '../../../lambda/verification/postgres/identifiers';
import { matchColumn, matches, parseReference } from '../../../lambda/verification/references';
import { count, list, plain, quoted } from '../../../lambda/verification/text';
import { compareVersions, newestVersion } from '../../../lambda/verification/versions';

const name = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !text.includes('\0'));

describe('identifiers', () => {
  test('a quoted identifier ends where it should, whatever it holds', () => {
    fc.assert(
      fc.property(name, (text) => {
        const sql = identifier(text);
        expect(sql.slice(1, -1).replaceAll('""', '')).not.toContain('"');
        expect(sql.slice(1, -1).replaceAll('""', '"')).toBe(text);
      }),
    );
    expect(qualified('a"b', 'c')).toBe('"a""b"."c"');
  });

  test.each(['', 'a\0b'])('%j is none', (text) => expect(() => identifier(text)).toThrow('an identifier must be'));
});

describe('references', () => {
  test('any name can be referred to in quotes', () => {
    fc.assert(
      fc.property(name, name, name, (database, schema, table) => {
        const reference = parseReference([database, schema, table].map(identifier).join('.'));
        const place = { database, schema, name: table };
        expect(typeof reference === 'string' ? reference : matches(reference, [place])).toEqual([place]);
      }),
    );
  });

  test('no text breaks the reader', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseReference(text)));
  });

  test.each(['', ' ', '.', 'a.', '.a', 'a..b', 'a.b.c.d', '"a', '"a"b', 'a"b"', '""', '"a".'])(
    '%j is refused',
    (text) =>
      expect(parseReference(text)).toMatch(/ is not a table: write table, schema\.table or database\.schema\.table/),
  );

  test('columns fold as tables do', () => {
    expect(matchColumn('At', ['at'])).toBe('at');
    expect(matchColumn('At', ['at', 'At'])).toBe('At');
    expect(matchColumn('"At"', ['at'])).toBeUndefined();
    expect(matchColumn('"a""b"', ['a"b'])).toBe('a"b');
  });
});

describe('text', () => {
  test('is short and without what a terminal or page would obey', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => {
        expect([...plain(text)].length).toBeLessThanOrEqual(1_000);
        expect(plain(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
    expect(plain('😀'.repeat(2_000), 10)).toBe('😀'.repeat(9) + '…');
    expect(quoted('a\u202Eb')).toBe('"a\uFFFDb"');
  });

  test('lists say what they leave out', () => {
    expect(list(['a', 'b'])).toBe('a, b');
    expect(list(['aaaa', 'bbbb', 'cccc'], 8)).toBe('aaaa and 2 more');
    expect(list(['x'.repeat(5_000), 'b'], 8)).toContain(' and 1 more');
    expect(list([])).toBe('');
    expect([count(1, 'row'), count(2_000, 'row'), count(2, 'entry', 'entries')]).toEqual([
      '1 row',
      '2,000 rows',
      '2 entries',
    ]);
  });
});

test('versions order as their tools order them', () => {
  expect(newestVersion('flyway', ['1.9', '1.10', '1.2.3', '1_9_9'])).toBe('1.10');
  expect(compareVersions('flyway', '1.0', '1')).toBe(0);
  expect(compareVersions('flyway', '20240101123456789012345', '20240101123456789012344')).toBe(1);
  expect(compareVersions('flyway', '', '1')).toBeLessThan(0);
  expect(newestVersion('rails', ['9', '20240101000000', '10'])).toBe('20240101000000');
  expect(newestVersion('prisma', ['20240101_b', '20240101_a'])).toBe('20240101_b');
  expect(compareVersions('alembic', 'a', 'b')).toBeNull();
  expect(newestVersion('flyway', [])).toBe('');
});

test.each([
  ['42501', 'privilege'],
  ['57014', 'timeout'],
  ['57P01', 'lost'],
  ['08006', 'lost'],
  ['ECONNRESET', 'lost'],
  ['EPIPE', 'lost'],
  [undefined, 'lost'],
  ['42P01', 'missing'],
  ['XX001', 'damaged'],
  ['58P01', 'damaged'],
  ['22012', 'data'],
  ['42601', 'other'],
])('a statement that fails with %s is %s', (code, reason) => {
  expect(statementError(Object.assign(new Error('words'), { code }))).toMatchObject({ reason, message: 'words' });
});

test('an error without words still says something', () => {
  expect(connectError(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), 'h:1')).toMatchObject({
    name: 'CannotConnect',
    message: 'cannot connect to h:1: ECONNREFUSED (ECONNREFUSED)',
  });
});
