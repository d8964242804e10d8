import type { ResourceInventory, SourceInventory } from '../../../lib/private/contract/inventory';
import type { AssembledStack } from '../../../rehearsal/assembly/read';
import { text } from '../../../rehearsal/assembly/text';
import { printObjectives } from '../../../rehearsal/command/objectives/print';
import { objectivesReport } from '../../../rehearsal/command/objectives/report';
import { table } from '../../../rehearsal/command/table';

const home = { account: '1', region: 'eu-west-1' };
const pointInTime: SourceInventory = {
  ...{ kind: 'point-in-time', name: 'point in time', storage: 'rds', ...home },
  ...{ oldestSeconds: 300, known: true, retentionDays: 7 },
};
const points: SourceInventory = {
  ...pointInTime,
  kind: 'recovery-point',
  name: 'daily recovery points',
  storage: 'aws-backup',
};
const copies: SourceInventory = { ...points, kind: 'copy', name: 'daily copies', region: 'eu-central-1' };

const versions: SourceInventory = {
  ...{ kind: 'versions', name: 'versions', storage: 's3', ...home },
  ...{ oldestSeconds: 0, known: true, key: 's3' },
};
const replica: SourceInventory = { ...versions, kind: 'replica', name: 'replica', region: 'eu-central-1' };

function stackOf(
  sources: SourceInventory[],
  objectives: Partial<ResourceInventory['objectives']> = {},
  kind: Pick<ResourceInventory, 'kind' | 'engine'> = { kind: 'db-cluster', engine: 'aurora-postgresql' },
): AssembledStack {
  const data: ResourceInventory = {
    ...{ schema: 'cdk-recoverable/resource/v1', site: 's', plan: 'p', owner: 'o', name: 'p/r', ownership: 'observed' },
    ...{ ...kind, identifier: 'r', ...home, sources, sets: [], drills: [] },
    objectives: { rpo: { objectiveSeconds: 900 }, regionLossRpo: {}, rtoSeconds: 60, ...objectives },
  };
  return {
    ...{ name: 'Stack', ...home, folder: '/', templates: new Map(), unread: [], sites: [], logicalIds: new Map() },
    resources: [{ path: '/Stack/p/r', data }],
  };
}

const threeTwoOne = (...sources: SourceInventory[]) => objectivesReport([stackOf(sources)]).resources[0].threeTwoOne;

test('3-2-1 holds with a copy of another service in another Region, and not without', () => {
  expect(threeTwoOne(pointInTime, points, copies)).toEqual({
    copies: 4,
    storages: ['rds', 'aws-backup'],
    elsewhere: ['eu-central-1'],
    holds: true,
  });
  expect(threeTwoOne(pointInTime, copies).holds).toBe(true);
  expect(threeTwoOne(pointInTime, { ...pointInTime, kind: 'snapshot' })).toMatchObject({ copies: 2, holds: false });
  expect(threeTwoOne(pointInTime, points).holds).toBe(false);
  expect(threeTwoOne(pointInTime, { ...pointInTime, region: 'eu-central-1' }).holds).toBe(false);
  expect(threeTwoOne(copies)).toMatchObject({ copies: 2, holds: false });
});

test('versions of a bucket are no copy of it, and a replica is no other service', () => {
  const of = (...sources: SourceInventory[]) =>
    objectivesReport([stackOf(sources, {}, { kind: 'bucket', engine: 's3' })]).resources[0].threeTwoOne;
  expect(of(versions, replica)).toEqual({ copies: 2, storages: ['s3'], elsewhere: ['eu-central-1'], holds: false });
  expect(of(versions, replica, points)).toMatchObject({ copies: 3, storages: ['s3', 'aws-backup'], holds: true });
  expect(of(versions)).toMatchObject({ copies: 1, elsewhere: [] });
  const printed = printObjectives(
    objectivesReport([stackOf([versions, replica], {}, { kind: 'bucket', engine: 's3' })]),
  );
  expect(printed).toMatch(/s3 bucket, observed/);
  expect(printed).toMatch(/replica\s+│ 0 s old\s+│ not known │ S3\s+│ eu-central-1/);
});

test('what is promised and not met is said, however the app came to be', () => {
  const best = { seconds: 90_000, source: 'daily copies', known: false };
  const report = objectivesReport([
    stackOf([copies], { rpo: { objectiveSeconds: 900, best }, regionLossRpo: { objectiveSeconds: 172_800, best } }),
  ]);
  expect(report.resources[0].met).toEqual({ rpo: false, regionLossRpo: true, rto: null });
  const printed = printObjectives(report).replace(/\s+│\s+|\s+/g, ' ');
  expect(printed).toMatch(/NOT MET/);
  expect(printed).toMatch(/aurora-postgresql/);
  expect(objectivesReport([stackOf([])]).resources[0].met).toEqual({ rpo: false, regionLossRpo: null, rto: null });
});

test.each([
  [{ Ref: 'Key' }, '<Key>'],
  [{ 'Fn::GetAtt': ['Key', 'Arn'] }, '<Key.Arn>'],
  [{ 'Fn::Join': [':', ['arn', { Ref: 'AWS::Partition' }, 'x']] }, 'arn:<AWS::Partition>:x'],
  [{ 'Fn::ImportValue': 'Other:Export' }, '<Other:Export>'],
  [{ 'Fn::GetStackOutput': { StackName: 'Dr', OutputName: 'Key', Region: 'eu-central-1' } }, '<Dr.Key>'],
  [{ 'Fn::Sub': 'a${B}' }, 'a${B}'],
  ['\u001b[2Jx', '�[2Jx'],
  [{ a: 1, b: 2 }, '{"a":1,"b":2}'],
  [{}, '{}'],
  [null, 'null'],
])('%j is shown as %s', (value, shown) => {
  expect(text(value)).toBe(shown);
});

describe('a table', () => {
  const wide = (rows: string[][]) =>
    Math.max(
      ...table(['A', 'B', 'C'], rows)
        .split('\n')
        .map((line) => line.length),
    );

  test('is no wider than the terminal, and cuts no word', () => {
    const word = 'x'.repeat(300);
    expect(wide([['a', 'several words that wrap', word]])).toBeLessThanOrEqual(process.stdout.columns ?? 120);
    const kept = table(['A', 'B', 'C'], [['a', 'several words that wrap', word]]).match(/x/g);
    expect(kept).toHaveLength(300);
  });

  test('of short cells is as narrow as they are', () => {
    expect(wide([['a', 'b', 'c']])).toBe(13);
  });
});
