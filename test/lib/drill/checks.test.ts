import { Aws } from 'aws-cdk-lib';
import { Check, Expect, MigrationTool } from '../../../lib';

test('checks render to the contract', () => {
  const rendered = [
    Check.rowCount('orders', { atLeast: 5 }),
    Check.rowCount('shop.orders', { atMost: 7 }),
    Check.query('q', 'select 1', Expect.atLeast(1)),
    Check.query('q2', 'select 1', Expect.atMost(1)),
    Check.query('q3', 'select 1', Expect.between(-1, 1.5)),
    Check.query('q4', "select ''", Expect.equalTo('')),
    Check.query('q5', 'select 1', Expect.atLeast(1), { database: 'billing' }),
    Check.schemaVersion(MigrationTool.RAILS, { database: 'billing' }),
    Check.freshness('orders', 'created_at'),
    Check.schemaVersion(MigrationTool.FLYWAY, { atLeast: '7' }),
    Check.schemaVersion(MigrationTool.ALEMBIC),
  ].map((check) => check._render());
  expect(rendered).toEqual([
    { kind: 'row-count', id: 'row-count:orders', table: 'orders', atLeast: 5 },
    { kind: 'row-count', id: 'row-count:shop.orders', table: 'shop.orders', atMost: 7 },
    { kind: 'query', id: 'q', sql: 'select 1', expect: { atLeast: 1 } },
    { kind: 'query', id: 'q2', sql: 'select 1', expect: { atMost: 1 } },
    { kind: 'query', id: 'q3', sql: 'select 1', expect: { between: [-1, 1.5] } },
    { kind: 'query', id: 'q4', sql: "select ''", expect: { equals: '' } },
    { kind: 'query', id: 'q5', sql: 'select 1', expect: { atLeast: 1 }, database: 'billing' },
    { kind: 'schema-version', id: 'schema-version:billing.rails', tool: 'rails', database: 'billing' },
    { kind: 'freshness', id: 'freshness:orders.created_at', table: 'orders', column: 'created_at' },
    { kind: 'schema-version', id: 'schema-version:flyway', tool: 'flyway', atLeast: '7' },
    { kind: 'schema-version', id: 'schema-version:alembic', tool: 'alembic' },
  ]);
});

test.each([
  ['no bound', () => Check.rowCount('orders', {}), /needs atLeast or atMost; without a bound it cannot fail/],
  [
    'a negative bound',
    () => Check.rowCount('orders', { atLeast: -1 }),
    /must be a whole number of rows, 0 or more, got: -1/,
  ],
  ['half a row', () => Check.rowCount('orders', { atMost: 0.5 }), /must be a whole number of rows/],
  ['NaN', () => Check.rowCount('orders', { atLeast: NaN }), /must be a number known at synthesis/],
  ['crossed bounds', () => Check.rowCount('orders', { atLeast: 2, atMost: 1 }), /nothing can satisfy that/],
  ['an empty table', () => Check.rowCount('  ', { atLeast: 1 }), /the table of a check must be 1 to 200 characters/],
  ['a token as table', () => Check.rowCount(Aws.STACK_NAME, { atLeast: 1 }), /must be known at synthesis/],
  ['a token inside a table', () => Check.freshness(`t_${Aws.REGION}`, 'c'), /must be known at synthesis/],
  ['an empty column', () => Check.freshness('t', ''), /the column of Check.freshness\('t'\)/],
  ['an id with a slash', () => Check.query('a/b', 'select 1', Expect.atLeast(1)), /the id of Check.query must be/],
  ['no SQL', () => Check.query('a', '', Expect.atLeast(1)), /the SQL of Check.query\('a'\) must be 1 to 10000/],
  [
    'SQL with a token',
    () => Check.query('a', `select '${Aws.ACCOUNT_ID}'`, Expect.atLeast(1)),
    /must be known at synthesis/,
  ],
  ['an infinite expectation', () => Expect.atLeast(Infinity), /Expect.atLeast must be a number/],
  ['a token as number', () => Expect.atMost(Number(Aws.NO_VALUE)), /Expect.atMost must be a number/],
  ['crossed between', () => Expect.between(2, 1), /takes the lowest value first, got: 2 and 1/],
  ['a token as text', () => Expect.equalTo(Aws.REGION), /must be known at synthesis/],
  ['order of Alembic', () => Check.schemaVersion(MigrationTool.ALEMBIC, { atLeast: 'a1' }), /takes no atLeast/],
  [
    'an empty version',
    () => Check.schemaVersion(MigrationTool.RAILS, { atLeast: '' }),
    /atLeast of Check.schemaVersion/,
  ],
])('fails for %s', (_, make, message) => {
  expect(make).toThrow(message);
});
