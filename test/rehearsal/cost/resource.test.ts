import { PRICES } from '../../../lambda/evidence/prices';
import type { ResourceInventory, SourceInventory } from '../../../lib/private/contract/inventory';
import type { Assumptions } from '../../../rehearsal/cost/model';
import { copyLines, drillLines, sizeOf, storageLines } from '../../../rehearsal/cost/resource';

const assumptions: Assumptions = { gib: new Map(), changeRate: 0.1, drillHours: 1 };
const home = { account: '1', region: 'eu-west-1' };
const away = { account: '1', region: 'eu-central-1' };
const size = { gib: 100, instanceClass: 'db.m6g.large', assumed: [] };

const pointInTime: SourceInventory = {
  ...{ kind: 'point-in-time', name: 'point in time', storage: 'rds', ...home },
  ...{ oldestSeconds: 300, known: true, retentionDays: 7 },
};
const daily: SourceInventory = {
  ...{ kind: 'recovery-point', name: 'daily recovery points', storage: 'aws-backup', ...home },
  ...{ oldestSeconds: 90_000, known: true, retentionDays: 10, everyDays: 1, tier: 'daily' },
};
const weekly: SourceInventory = {
  ...daily,
  name: 'weekly recovery points',
  everyDays: 7,
  retentionDays: 70,
  tier: 'weekly',
};

function resource(sources: SourceInventory[], engine = 'postgres'): ResourceInventory {
  return {
    ...{ schema: 'cdk-recoverable/resource/v1', site: 's', plan: 'p', owner: 'o', name: 'p/r', ownership: 'owned' },
    ...{ kind: 'db-instance', engine, identifier: 'r', ...home, sources, sets: [] },
    drills: [{ name: 'p/r/d', intervalSeconds: 604_800, sources: ['point-in-time'] }],
    objectives: { rpo: {}, regionLossRpo: {}, rtoSeconds: 60 },
  };
}

const gibOf = (usd: number | null | undefined, price: { usd: number }) => (usd ?? NaN) / price.usd;

test('automated backups are free up to the size of the database, and kept changes are not', () => {
  const [line] = storageLines(resource([pointInTime]), size, PRICES, assumptions);
  expect(gibOf(line.usd, PRICES.rdsBackupGibMonth)).toBeCloseTo(70, 3);
  expect(storageLines(resource([]), size, PRICES, assumptions)).toEqual([]);
});

test('of recovery points one is whole, and a longer tier counts from where the shorter ends', () => {
  const [line] = storageLines(resource([daily, weekly]), size, PRICES, assumptions);
  const shares = 1 + 10 * 0.1 + (60 / 7) * (1 - 0.9 ** 7);
  expect(gibOf(line.usd, PRICES.awsBackupGibMonth)).toBeCloseTo(100 * shares, 3);
});

test('of Aurora each recovery point is whole, once automated backups do not reach back as far', () => {
  const [, line] = storageLines(resource([pointInTime, daily, weekly], 'aurora-mysql'), size, PRICES, assumptions);
  expect(gibOf(line.usd, PRICES.awsBackupAuroraGibMonth)).toBeCloseTo(100 * (3 + 60 / 7), 3);
});

describe('copies', () => {
  const copies = [daily, weekly].map((point) => ({
    ...point,
    ...away,
    kind: 'copy' as const,
    name: `${point.tier} copies`,
  }));

  test('in one place share one whole, and are sent as what changed', () => {
    const lines = copyLines(resource([pointInTime, daily, ...copies]), size, PRICES, assumptions);
    expect(lines.map(({ item }) => item)).toEqual([
      'copies in eu-central-1: daily 10 days, weekly 70 days',
      'sending copies in eu-central-1: daily 10 days, weekly 70 days',
    ]);
    const kept = 1 + 10 * 0.1 + (60 / 7) * (1 - 0.9 ** 7);
    expect(gibOf(lines[0].usd, PRICES.awsBackupGibMonth)).toBeCloseTo(100 * kept, 3);
    const days = 730 / 24;
    const sent = days * 0.1 + (days / 7) * (1 - 0.9 ** 7);
    expect(gibOf(lines[1].usd, PRICES.transferGib)).toBeCloseTo(100 * sent, 3);
  });

  test('of Aurora are whole each time', () => {
    const [kept, sent] = copyLines(resource([copies[1]], 'aurora-postgresql'), size, PRICES, assumptions);
    expect(gibOf(kept.usd, PRICES.awsBackupAuroraGibMonth)).toBeCloseTo(1000, 3);
    expect(gibOf(sent.usd, PRICES.transferGib)).toBeCloseTo((100 * 730) / 24 / 7, 3);
  });

  test('in another account of the Region are sent for nothing', () => {
    const lines = copyLines(resource([{ ...copies[0], ...home, account: '2' }]), size, PRICES, assumptions);
    expect(lines.map(({ item }) => item)).toEqual(['copies in account 2: daily 10 days']);
  });

  test('of automated backups are whole there, with the changes of their days', () => {
    const lines = copyLines(resource([pointInTime, { ...pointInTime, ...away }]), size, PRICES, assumptions);
    expect(lines[0].item).toBe('automated backups in eu-central-1, 7 days');
    expect(gibOf(lines[0].usd, PRICES.rdsBackupGibMonth)).toBeCloseTo(170, 3);
    expect(gibOf(lines[1].usd, PRICES.transferGib)).toBeCloseTo((100 * 0.1 * 730) / 24, 3);
  });
});

describe('sizes', () => {
  const of = (Properties: Record<string, unknown> | undefined, gib = new Map<string, number>()) =>
    sizeOf({ ...resource([]), kind: 'db-instance' }, Properties && { Properties }, { ...assumptions, gib });

  test('are as given, then as the template says, then assumed', () => {
    const template = { AllocatedStorage: '20', DBInstanceClass: 'db.t4g.micro' };
    expect(of(template)).toEqual({ gib: 20, instanceClass: 'db.t4g.micro', assumed: [] });
    expect(of(template, new Map([['p/r', 7]])).gib).toBe(7);
    expect(of(undefined)).toMatchObject({ gib: 100, instanceClass: 'db.m6g.large' });
    expect(of({ AllocatedStorage: { Ref: 'Size' }, DBInstanceClass: { Ref: 'Class' } }).assumed).toHaveLength(2);
  });

  test('that no price fits are in no total', () => {
    for (const instanceClass of ['db.x2idn.metal', 'constructor']) {
      const [line] = drillLines(resource([]), { ...size, instanceClass }, PRICES, assumptions);
      expect(line).toMatchObject({ usd: null, basis: 'no price' });
    }
  });

  test('of drills cost at least ten minutes of an instance', () => {
    const drills = [{ name: 'p/r/d', intervalSeconds: 730 * 3600, sources: ['point-in-time'] }];
    const [line] = drillLines({ ...resource([]), drills }, size, PRICES, { ...assumptions, drillHours: 0 });
    expect(line.usd).toBeCloseTo(0.159 / 6, 6);
  });
});
