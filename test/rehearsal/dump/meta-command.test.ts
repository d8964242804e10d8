import { readMetaCommand } from '../../../rehearsal/dump/meta-command';

test.each([
  ['\\c chinook;', 'chinook'],
  ['\\c Chinook', 'chinook'],
  ['\\connect "Chinook"', 'Chinook'],
  ['\\connect "a ""b"" \'c\';"', `a "b" 'c';`],
  [`\\connect 'it''s'`, `it's`],
  ['\\c shop - - -', 'shop'],
  [`\\connect -reuse-previous=on "dbname='it\\'s ""odd"" = Db'"`, `it's "odd" = Db`],
  ['\\connect -reuse-previous=on "dbname=plain"', 'plain'],
  ['\\c "straße 日本"', 'straße 日本'],
])('%s connects', (command, database) => {
  expect(readMetaCommand(command)).toEqual({ kind: 'connect', database });
});

test.each(['\\c', '\\connect -', '\\c ;', '\\c ""'])('%s connects to the same database again', (command) => {
  expect(readMetaCommand(command)).toEqual({ kind: 'connect' });
});

test.each(['\\restrict aToken', '\\unrestrict aToken', '\\encoding SQL_ASCII'])('%s is ignored', (command) => {
  expect(readMetaCommand(command)).toEqual({ kind: 'ignore' });
});

test.each([
  '\\i other.sql',
  '\\! rm -rf /',
  '\\copy t from file',
  '\\echo hello',
  '\\cd /tmp',
  '\\set x 1',
  '\\encoding LATIN1',
  '\\.',
  '\\',
  '\\gexec',
  '\\connect db somebody',
  '\\connect db - example.com',
  '\\c postgres://example.com/db',
  '\\c "host=example.com dbname=db"',
  '\\c "open',
])('%s is refused', (command) => {
  expect(readMetaCommand(command)).toMatchObject({ kind: 'refuse' });
});
