import type { CheckResult } from '../../../lib/private/contract/checks';
import type { DrillDefinition } from '../../../lib/private/contract/drill';
import type { FilesResult } from '../../../lib/private/contract/files';
import { judge, type Facts } from '../../../lambda/evidence/judge';
import { page } from '../../../lambda/evidence/page/page';
import { at, DEFINITION, evidenceOf, FACTS, RESULTS, STATE } from './samples';

const BUCKET = { name: 'gold/uploads', bucket: 'uploads', region: 'eu-west-1' };
const REPLICA = { bucket: 'uploads-dr', region: 'eu-central-1', lagSeconds: 1800, deleteMarkers: false };
const SAMPLE = { fraction: 0.01, confidence: 0.99 };
const REPLICA_FILES: FilesResult = {
  check: 'replica:gold/uploads',
  bucket: BUCKET.name,
  population: 1_204_551,
  strata: [
    { name: 'random', checked: 459 },
    { name: 'newest', checked: 451 },
    { name: 'largest', checked: 20 },
  ],
  seed: '8f3a0c5d11e2b7a9',
  problems: [],
  examples: [],
  statement:
    '1,204,551 objects of the source looked for in the replica: all are there; of those there, 0 of 459 chosen at random are different or unreadable; with 99 % confidence at most 0.999 % of all are.',
  asOf: at(600),
  completeUntil: at(588),
};
const ROW_FILES: FilesResult = {
  ...REPLICA_FILES,
  check: 'files-exist:gold/uploads',
  population: 50_001,
  strata: [{ name: 'random', checked: 459 }],
  problems: [
    { problem: 'missing', count: 12 },
    { problem: 'deleted', count: 1 },
  ],
  examples: [{ key: '0123456789abcdef', problem: 'missing', detail: 'no version of it is there <script>' }],
  statement:
    'Rows without their file: 12 missing, 1 deleted; of the files that 50,001 rows name, 13 of 459 chosen at random are missing, different or unreadable; with 99 % confidence at most 4.98 % of all are.',
  asOf: at(-241),
  completeUntil: at(-3600),
};

function result(id: string, kind: CheckResult['kind'], status: CheckResult['status']): CheckResult {
  return { id, kind, status, expected: 'files', observed: 'looked', finishedAt: at(660) };
}
const ROWS = result('files-exist:gold/uploads', 'files-exist', 'fail');
const RESTORED = result('files-restored', 'standard', 'pass');
const OBJECTS = result('replica:gold/uploads', 'replica', 'pass');

const withFiles = (files: FilesResult[], checks: CheckResult[]): Facts => ({
  ...FACTS,
  results: { ...RESULTS, files, checks: [...RESULTS.checks, ...checks] },
});

test('the page shows rows without their files first: how many were looked at, of how many, and what is wrong', () => {
  const drawn = page(evidenceOf(withFiles([REPLICA_FILES, ROW_FILES], [OBJECTS, ROWS])));
  const section = /<section class="long files">[\s\S]*?<\/section>/.exec(drawn)![0];
  expect(section).toContain('<h2>Files: 13 rows without their file</h2>');
  expect(section.indexOf('Rows and their files in')).toBeLessThan(section.indexOf('Replica of'));
  expect(section).toContain('459 <span class="of">looked at, of 50,001 rows</span>');
  expect(section).toContain('930 <span class="of">looked at, of 1,204,551 objects</span>');
  expect(section).toContain('<strong>12</strong> missing');
  expect(section).toContain('1 h: complete until');
  expect(section).toContain('12 s: complete until');
  expect(section).toContain('&#60;script&#62;');
  expect(section).not.toContain('<script>');
});

test('files without problems are not called complete where their check did not pass', () => {
  const open = [{ ...OBJECTS, status: 'inconclusive' as const }];
  expect(page(evidenceOf(withFiles([REPLICA_FILES], open)))).toContain('<h2>Files: not known</h2>');
  expect(page(evidenceOf(withFiles([REPLICA_FILES], [OBJECTS])))).toContain('nothing missing among those looked at');
  expect(page(evidenceOf(FACTS))).not.toContain('class="long files"');
});

describe('a drill of a bucket', () => {
  const definition: DrillDefinition = {
    ...DEFINITION,
    resource: { ...DEFINITION.resource, engine: 's3' },
    checks: [{ kind: 'replica', id: OBJECTS.id, bucket: { ...BUCKET, replica: REPLICA }, sample: SAMPLE }],
  };
  const drill = (files: FilesResult[], checks: CheckResult[]): Facts => ({
    definition,
    state: {
      ...STATE,
      source: {
        ...{ ...STATE.source!, kind: 'replica', restorePoint: at(0) },
        files: { bucket: REPLICA.bucket, region: REPLICA.region, prefix: '' },
      },
      restore: { ...STATE.restore!, files: { done: true, waitSeconds: 0, objects: 930, bytes: 12_345_678 } },
    },
    results: { ...RESULTS, profile: null, checks: [RESTORED, ...checks], files },
  });

  test('passes by its files, and measures its data loss from them', () => {
    const judged = judge(drill([REPLICA_FILES], [OBJECTS]));
    expect(judged).toMatchObject({ verdict: 'PASSED', rpo: { method: 'data', achievedSeconds: 12 } });
    expect(judged.reasons[0]).toBe('All 2 required checks passed: 930 files, 12 MB restored, both objectives met.');
  });

  test('fails where files are complete only until too long ago', () => {
    const judged = judge(drill([{ ...REPLICA_FILES, completeUntil: at(-7200) }], [OBJECTS]));
    expect(judged.verdict).toBe('FAILED');
    expect(judged.reasons[0]).toMatch(/^RPO missed: files are complete until 2 h 10 min before the disaster/);
  });

  test('does not pass where nothing was restored', () => {
    const facts = drill([REPLICA_FILES], [OBJECTS]);
    const { restore } = facts.state;
    const nothing = { ...restore!, files: { ...restore!.files!, objects: 0 } };
    expect(judge({ ...facts, state: { ...facts.state, restore: nothing } }).verdict).toBe('INCONCLUSIVE');
  });

  test('versions are those of the restored moment, whatever the replica lacks', () => {
    const facts = drill([], []);
    const source = { ...facts.state.source!, kind: 'versions' as const };
    const undo = { ...facts, definition: { ...definition, checks: [] }, state: { ...facts.state, source } };
    expect(judge(undo)).toMatchObject({ verdict: 'PASSED', rpo: { method: 'restore-point', achievedSeconds: 0 } });
  });

  test.each<[string, FilesResult[], CheckResult[]]>([
    ['not one file was looked at', [{ ...REPLICA_FILES, strata: [] }], [OBJECTS]],
    ['there are no results of files', [], [OBJECTS]],
    ['its check was not answered', [REPLICA_FILES], [{ ...OBJECTS, status: 'inconclusive' }]],
    ['its check is missing', [REPLICA_FILES], []],
  ])('does not pass where %s', (_, files, checks) => {
    expect(judge(drill(files, checks)).verdict).toBe('INCONCLUSIVE');
  });
});
