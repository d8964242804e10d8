import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  evaluate,
  type Datapoint,
  type Evaluation,
  type MissingData,
} from '../../../../rehearsal/aws/cloudwatch/evaluate';

/*
 * CloudWatch's own tables of how alarms treat missing data, every row and every treatment. Where they are absent that is said and
 * the test is skipped; continuous integration requires them.
 */

const TABLES = path.resolve(__dirname, '../../../../../shared/data/cloudwatch-missing-data.json');
const TREATMENTS: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const POINTS: Record<string, Datapoint> = { '0': 'not breaching', X: 'breaching', '-': 'missing' };

interface Table {
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
  readonly evaluationRange: number;
  readonly rows: readonly ({ readonly points: string; readonly filled: number } & Record<MissingData, string>)[];
}

if (!existsSync(TABLES)) process.stdout.write(`skipped: no ${TABLES}\n`);
const documented = existsSync(TABLES) || process.env.CI ? test : test.skip;

documented('every documented row, for every treatment of missing data', () => {
  const { tables } = JSON.parse(readFileSync(TABLES, 'utf8')) as { tables: readonly Table[] };
  let rows = 0;
  for (const { rows: all, evaluationRange, ...rule } of tables) {
    for (const row of all) {
      const range = row.points.split(' ').map((point) => POINTS[point]);
      expect(range).toHaveLength(evaluationRange);
      for (const missingData of TREATMENTS) {
        const found = { ...rule, points: row.points, missingData, ...evaluate(range, { ...rule, missingData }) };
        expect(found).toEqual({ ...found, state: row[missingData], filled: row.filled } satisfies Evaluation | object);
        rows++;
      }
    }
  }
  expect(rows).toBe(40);
});

const three = (points: string, datapointsToAlarm = 3) =>
  evaluate(
    points.split(' ').map((point) => POINTS[point]),
    { evaluationPeriods: 3, datapointsToAlarm, missingData: 'missing' },
  ).state;

test('a breaching point that may be followed by healthy ones does not alarm yet', () => {
  expect(three('- - - - X')).toBe('RETAIN');
  expect(three('- - - X -')).toBe('RETAIN');
  expect(three('- - X - -')).toBe('ALARM');
  expect(three('- - - X X')).toBe('RETAIN');
  expect(three('- - X - X')).toBe('ALARM');
  expect(three('- - - - X', 2)).toBe('RETAIN');
  expect(three('- - - - X', 1)).toBe('ALARM');
});

test('enough real points decide, whatever is missing between them', () => {
  expect(three('X X - - X')).toBe('ALARM');
  expect(three('X 0 - - X')).toBe('OK');
  expect(three('X X X 0 -')).toBe('OK');
});
