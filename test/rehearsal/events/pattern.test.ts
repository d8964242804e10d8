import { readPattern } from '../../../rehearsal/events/pattern';

const matches = (pattern: unknown, event: unknown) => readPattern(pattern)(event);

test.each<[string, unknown, unknown, boolean]>([
  ['a value among several', { state: ['A', 'B'] }, { state: 'B' }, true],
  ['another value', { state: ['A', 'B'] }, { state: 'C' }, false],
  ['a number is not its text', { size: [1] }, { size: '1' }, false],
  ['null', { size: [null] }, { size: null }, true],
  ['all fields', { a: [1], b: [2] }, { a: 1, b: 3 }, false],
  ['a field inside', { detail: { state: ['A'] } }, { detail: { state: 'A' } }, true],
  ['a field that only looks inside', { detail: { state: ['A'] } }, { 'detail.state': 'A' }, false],
  ['one of a list', { ids: ['b'] }, { ids: ['a', 'b'] }, true],
  ['one of a list of objects', { tags: { key: ['b'] } }, { tags: [{ key: 'a' }, { key: 'b' }] }, true],
  ['prefix', { id: [{ prefix: 'rds:' }] }, { id: 'rds:x' }, true],
  ['prefix of no text', { id: [{ prefix: '1' }] }, { id: 1 }, false],
  ['suffix', { id: [{ suffix: '.png' }] }, { id: 'a.png' }, true],
  ['ignoring case', { id: [{ 'equals-ignore-case': 'ABC' }] }, { id: 'abc' }, true],
  ['wildcard', { id: [{ wildcard: '*:rcv-*' }] }, { id: 'arn:x:rcv-1' }, true],
  ['wildcard is the whole', { id: [{ wildcard: 'a*c' }] }, { id: 'abcd' }, false],
  ['wildcard with a star itself', { id: [{ wildcard: 'a\\*c' }] }, { id: 'abc' }, false],
  ['wildcard and dots', { id: [{ wildcard: 'a.c*' }] }, { id: 'abc' }, false],
  ['exists', { a: [{ exists: true }] }, { a: null }, true],
  ['an object does not exist as a value', { a: [{ exists: true }] }, { a: {} }, false],
  ['does not exist', { a: [{ exists: false }] }, {}, true],
  ['does not exist where its parent does not', { a: { b: [{ exists: false }] } }, {}, true],
  ['inherited is not there', { toString: [{ exists: true }] }, {}, false],
  ['anything but', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'z' }, true],
  ['anything but, and it is', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'y' }, false],
  ['anything but needs something', { a: [{ 'anything-but': 'x' }] }, {}, false],
  ['anything but a prefix', { a: [{ 'anything-but': { prefix: 'rcv-' } }] }, { a: 'rcv-1' }, false],
  ['anything but a wildcard', { a: [{ 'anything-but': { wildcard: '*:rcv-*' } }] }, { a: 'arn:db:prod' }, true],
  ['anything but, or nothing', { a: [{ 'anything-but': 'x' }, { exists: false }] }, {}, true],
  ['numeric', { n: [{ numeric: ['>', 0, '<=', 5] }] }, { n: 5 }, true],
  ['numeric outside', { n: [{ numeric: ['>', 0, '<=', 5] }] }, { n: 6 }, false],
  ['$or, first', { $or: [{ a: [1] }, { b: [2] }] }, { a: 1 }, true],
  ['$or, neither', { $or: [{ a: [1] }, { b: [2] }] }, { a: 2, b: 1 }, false],
  ['$or beside a field', { c: [3], $or: [{ a: [1] }, { b: [2] }] }, { a: 1, b: 2 }, false],
])('%s', (_, pattern, event, expected) => {
  expect(matches(pattern, event)).toBe(expected);
});

test.each<[string, unknown]>([
  ['$or takes two patterns or more, got [{"a":[1]}]', { $or: [{ a: [1] }] }],
  ['this operator is not rehearsed, got {"cidr":"10.0.0.0/8"}', { a: [{ cidr: '10.0.0.0/8' }] }],
  ['this operator is not rehearsed, got {"prefix":"a","suffix":"b"}', { a: [{ prefix: 'a', suffix: 'b' }] }],
  [
    'anything-but does not take this operator, got {"numeric":["=",1]}',
    { a: [{ 'anything-but': { numeric: ['=', 1] } }] },
  ],
  ['values of a are given in a list, got "x"', { a: 'x' }],
  ['a names no value, got []', { a: [] }],
  ['a pattern is an object with a field, got {}', {}],
  ['a wildcard holds no two stars in a row, got "a**"', { a: [{ wildcard: 'a**' }] }],
])('refuses: %s', (message, pattern) => {
  expect(() => matches(pattern, { a: 'a' })).toThrow(`event pattern: ${message}`);
});
