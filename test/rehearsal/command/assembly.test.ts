import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BackupTiers } from '../../../lib';
import type { CostEstimate } from '../../../rehearsal/cost/estimate';
import type { ObjectivesReport } from '../../../rehearsal/command/objectives/report';
import { severalStacks } from './several-stacks';
import { type Ended, ended, hasScript, Playground } from './support';

const EXAMPLE = path.resolve(__dirname, '../../../assets/example');

let playground: Playground;
let several: string;
let plain: string;
beforeAll(() => {
  playground = new Playground();
  several = path.join(playground.folder, 'several');
  plain = path.join(playground.folder, 'plain');
  severalStacks(several);
  severalStacks(plain, { tiers: BackupTiers.none() });
});
afterAll(() => playground.remove());

async function printed(args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await playground.run(args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const json = async <T>(args: readonly string[]) => JSON.parse(await printed([...args, '--json'])) as T;

describe('objectives', () => {
  const objectives = (app: string) => json<ObjectivesReport>(['objectives', '--app', app]);

  test('of the example', async () => {
    const { schema, resources, underNoPlan } = await objectives(EXAMPLE);
    expect({ schema, underNoPlan }).toEqual({ schema: 'cdk-recoverable/objectives/v1', underNoPlan: [] });
    expect(resources.map(({ name, owner, met }) => ({ name, owner, met }))).toEqual([
      { name: 'Shop/Documents', owner: 'Shop team', met: { rpo: true, regionLossRpo: null, rto: null } },
      { name: 'Shop/Orders', owner: 'Shop team', met: { rpo: true, regionLossRpo: null, rto: null } },
    ]);
    expect(resources[1].drills.map(({ name }) => name)).toEqual(['Shop/Orders/Weekly', 'Shop/Orders/Standard']);
  });

  test('of an app of several stacks: stages, nested stacks, and what is under no plan', async () => {
    const { resources, underNoPlan, unread } = await objectives(several);
    expect(resources.map(({ stack, name }) => `${stack}: ${name}`).sort()).toEqual([
      'Beta/Data: Gold/Orders',
      'Platform: Silver/elsewhere-prod',
      'Platform: Silver/legacy-prod',
      'Prod/Data: Gold/Ledger',
      'Prod/Data: Gold/Orders',
    ]);
    const ledger = resources.find(({ name }) => name === 'Gold/Ledger');
    expect(ledger).toMatchObject({ kind: 'db-cluster', engine: 'aurora-postgresql', drills: [], met: { rpo: true } });
    const left = underNoPlan.map(({ stack, logicalId, kind, replica }) => [
      ...[stack, logicalId.replace(/[0-9A-F]{8}$/, ''), kind, replica],
    ]);
    expect(left).toEqual([
      ['Beta/Data', 'Forgotten', 'db-instance', false],
      ['Beta/Data', 'Replica', 'db-instance', true],
      ['Beta/Data', 'Ledger', 'db-cluster', false],
      ['Prod/Data', 'Forgotten', 'db-instance', false],
      ['Prod/Data', 'Replica', 'db-instance', true],
    ]);
    expect(unread).toEqual([]);
  });

  test('say of 3-2-1 what holds', async () => {
    const of = async (app: string) =>
      (await objectives(app)).resources.find(({ stack }) => stack === 'Prod/Data')?.threeTwoOne;
    expect(await of(several)).toEqual({ copies: 3, storages: ['rds', 'aws-backup'], elsewhere: [], holds: false });
    expect(await of(plain)).toEqual({ copies: 2, storages: ['rds'], elsewhere: [], holds: false });
  });

  test('for people say the same, without colours and no wider than asked', async () => {
    const text = await printed(['objectives', '--app', several]);
    expect(text).toMatch(/^5 resources under 3 plans, 5 databases under none\n/);
    expect(text).toMatch(/Gold\/Orders[\s\S]*15 min[\s\S]*reaches 5 min[\s\S]*not yet measured/);
    expect(text).toMatch(/What plans set[\s\S]*Gold\/Orders +│ BackupRetentionPeriod +│ 7 /);
    expect(text).toMatch(/Under no plan[\s\S]*Forgotten\w+ +│ Beta\/Data/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(text).not.toContain('\u001b');
  });

  (hasScript ? test : test.skip)('fit the terminal', async () => {
    const { status, stdout } = await ended(playground.terminal(['objectives', '--app', several]));
    expect(status).toBe(0);
    const lines = stdout.split(/\r?\n/).filter((line) => /^[┌├│└]/.test(line));
    expect(lines.length).toBeGreaterThan(20);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test('name nested stacks that are not in the assembly', async () => {
    const folder = changed('elsewhere', 'Platform.template.json', (template) => {
      template.Resources.Theirs = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://x/y' } };
    });
    expect((await objectives(folder)).unread).toEqual([{ stack: 'Platform', logicalId: 'Theirs' }]);
    expect(await printed(['objectives', '--app', folder])).toContain('the template of nested stack Theirs in Platform');
  });
});

interface Changeable {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
}

/** A copy of the large app with one template changed. */
function changed(name: string, file: string, change: (template: Changeable) => void): string {
  const folder = path.join(playground.folder, name);
  cpSync(several, folder, { recursive: true });
  const template = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Changeable;
  change(template);
  writeFileSync(path.join(folder, file), JSON.stringify(template));
  return folder;
}

describe('cost', () => {
  const cost = (...args: string[]) => json<CostEstimate>(['cost', ...args]);
  const line = ({ resources }: CostEstimate, name: string, item: RegExp) =>
    resources.find((one) => one.name === name)?.lines.find((one) => item.test(one.item));

  test('of the example stays within a dollar a resource and ten a site, before storage and drills', async () => {
    const { sites, resources } = await cost('--app', EXAMPLE);
    const idle = ({ lines }: CostEstimate['sites'][number]) =>
      lines.filter(({ group }) => group === 'idle').reduce((sum, { usd }) => sum + (usd ?? Infinity), 0);
    expect(sites).toHaveLength(2);
    for (const site of sites) expect(idle(site)).toBeGreaterThan(1);
    for (const site of sites) expect(idle(site)).toBeLessThanOrEqual(10);
    expect(resources.map(({ name }) => name)).toEqual(['Shop/Documents', 'Shop/Orders']);
    // Two alarms and their metrics; others have a point a day, or for each drill.
    expect(idle(resources[1])).toBeGreaterThan(0.8);
    expect(idle(resources[1])).toBeLessThanOrEqual(1);
    // The bucket is not drilled, and has one alarm.
    expect(idle(resources[0])).toBeGreaterThan(0.4);
    expect(idle(resources[0])).toBeLessThan(0.6);
  });

  test('reckons by the model that it states', async () => {
    const estimate = await cost('--app', several);
    // 7 days of 2 % beyond the 100 GiB that are free.
    expect(line(estimate, 'Gold/Orders', /^automated backups, 7 days/)?.usd).toBeCloseTo(14 * 0.095, 6);
    // One whole, 30 of a day's changes, then 60 days of weeks and 275 of months.
    const points = 100 * (1 + 30 * 0.02 + (60 / 7) * (1 - 0.98 ** 7) + (275 / 31) * (1 - 0.98 ** 31));
    expect(line(estimate, 'Gold/Orders', /^recovery points/)?.usd).toBeCloseTo(points * 0.095, 4);
    const runs = 730 / (7 * 24);
    expect(line(estimate, 'Gold/Orders', /restored db.m6g.large/)?.usd).toBeCloseTo(runs * 0.159, 4);
    expect(estimate.assumptions.join()).toMatch(/2 % of a database change in a day/);
    const all = [...estimate.sites, ...estimate.resources].flatMap(({ lines }) => lines);
    expect(estimate.total).toBeCloseTo(
      all.reduce((sum, { usd }) => sum + usd!, 0),
      5,
    );
  });

  test('takes what it is told, and says what it assumes where it is not', async () => {
    const [assumed, told] = [
      await cost('--app', several),
      await cost('--app', several, '--gib', 'Silver/legacy-prod=500', '--change-rate', '1', '--drill-hours', '2'),
    ];
    const of = ({ resources }: CostEstimate, name: string) => resources.find((one) => one.name === name);
    expect(of(assumed, 'Silver/legacy-prod')?.assumed).toEqual([
      '100 GiB, since no template says it: give --gib Silver/legacy-prod=N',
      'class db.m6g.large, since no template says it',
    ]);
    expect(of(told, 'Silver/legacy-prod')?.assumed).toHaveLength(1);
    expect(of(assumed, 'Gold/Orders')?.assumed).toEqual([]);
    expect(line(told, 'Silver/legacy-prod', /^automated backups/)?.usd).toBeCloseTo(500 * 0.07 * 0.095, 6);
    const restored = (estimate: CostEstimate) => line(estimate, 'Silver/legacy-prod', /restored/)?.usd ?? 0;
    expect(restored(told)).toBeCloseTo(2 * restored(assumed), 5);
  });

  test('leaves out of the total what has no price, and says so', async () => {
    const table = JSON.parse(readFileSync(path.join(EXAMPLE, '../command/prices.json'), 'utf8'));
    const { 'db.m6g.large': _, ...instanceHour } = table.instanceHour;
    const file = path.join(playground.folder, 'prices.json');
    writeFileSync(file, JSON.stringify({ ...table, asOf: '2030-01-01', instanceHour }));
    const estimate = await cost('--app', several, '--prices', file);
    expect(estimate.prices.asOf).toBe('2030-01-01');
    expect(line(estimate, 'Gold/Orders', /restored db.m6g.large/)).toMatchObject({ usd: null, basis: 'no price' });
    expect(await printed(['cost', '--app', several, '--prices', file])).toMatch(
      /Not in the total: 4 lines without a price/,
    );
  });

  test('of two apps is the difference', async () => {
    const args = ['cost', '--base', plain, '--app', several];
    const { schema, base, app, differences } = await json<{
      schema: string;
      base: CostEstimate;
      app: CostEstimate;
      differences: { of: string; item: string; base: number | null; difference: number }[];
    }>(args);
    expect(schema).toBe('cdk-recoverable/cost-difference/v1');
    // A vault brings a key of its own, and its jobs a metric of how they go.
    const daily = 'metrics of a day and of a drill';
    expect(differences.map(({ of, item }) => `${of}: ${item.split(':')[0]}`).sort()).toEqual([
      ...[`Gold/Ledger: ${daily}`, 'Gold/Ledger: recovery points'],
      ...[`Gold/Orders: ${daily}`, `Gold/Orders: ${daily}`],
      ...['Gold/Orders: recovery points', 'Gold/Orders: recovery points'],
      ...['site beta-data: keys', 'site prod-data: keys'],
    ]);
    expect(differences.reduce((sum, { difference }) => sum + difference, 0)).toBeCloseTo(app.total - base.total, 4);
    const text = await printed(args);
    expect(text).toMatch(/^USD \+2\d\d\.\d\d a month: /);
    expect(await printed(['cost', '--base', several, '--app', several])).toMatch(/^USD 0\.00 a month: /);
  });
});

describe.each(['objectives', 'cost'])('%s', (command) => {
  const told = ({ status, stdout, stderr }: Ended, says: RegExp) => {
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^recoverable: [^\n\p{Cc}]{1,800}\n$/u);
  };

  const broken = (name: string, files: Record<string, string | undefined>) => {
    const folder = path.join(playground.folder, `${command}-${name}`);
    cpSync(several, folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      if (text === undefined) rmSync(path.join(folder, file));
      else writeFileSync(path.join(folder, file), text);
    }
    return folder;
  };

  const edited = (name: string, from: RegExp, to: string) =>
    broken(name, {
      'Platform.metadata.json': readFileSync(path.join(several, 'Platform.metadata.json'), 'utf8').replaceAll(from, to),
    });

  test.each<[string, () => string, RegExp]>([
    ['is missing', () => 'nowhere', /nowhere is no cloud assembly: it holds no manifest.json; run `cdk synth` first/],
    ['is a file', () => path.join(several, 'manifest.json'), /is no cloud assembly: it holds no manifest.json/],
    ['is empty', () => (mkdirSync(path.join(playground.folder, command)), command), /it holds no manifest.json/],
    ['has a broken manifest', () => broken('manifest', { 'manifest.json': '{' }), /cannot|that can be read: .*JSON/],
    [
      'has another manifest',
      () => broken('other', { 'manifest.json': '[1]' }),
      /is no cloud assembly that can be read/,
    ],
    [
      'has a broken template',
      () => broken('template', { 'Platform.template.json': '{"a' }),
      /that can be read: .*JSON/,
    ],
    ['has no template', () => broken('gone', { 'Platform.template.json': undefined }), /that can be read: .*ENOENT/],
    ['has another template', () => broken('list', { 'Platform.template.json': '[]' }), /is no CloudFormation template/],
    [
      'has a template elsewhere',
      () => {
        const manifest = readFileSync(path.join(several, 'manifest.json'), 'utf8');
        writeFileSync(path.join(playground.folder, 'outside.json'), '{}');
        return broken('outside', {
          'manifest.json': manifest.replace('"Platform.template.json"', '"../outside.json"'),
        });
      },
      /outside\.json is not in the assembly/,
    ],
    [
      'speaks another version',
      () => edited('version', /cdk-recoverable\/resource\/v1/g, 'cdk-recoverable/resource/v9'),
      /and this command reads cdk-recoverable\/resource\/v1: use the command of the version/,
    ],
  ])('an app that %s is told in one line, with status 2', async (_, folder, says) => {
    told(await playground.run([command, '--app', folder()]), says);
  });

  test('names that hold terminal escapes cannot reach the terminal', async () => {
    const folder = edited('escapes', /"Platform"|Silver\/legacy-prod/g, '"\\u001b[2J\\u202e"'.slice(1, -1));
    const quoted = readFileSync(path.join(folder, 'Platform.metadata.json'), 'utf8').replaceAll(
      /: \\u001b\[2J\\u202e/g,
      ': "\\u001b[2J\\u202e"',
    );
    writeFileSync(path.join(folder, 'Platform.metadata.json'), quoted);
    const text = await printed([command, '--app', folder]);
    expect(text).toContain('�[2J�');
    expect(text).not.toMatch(/[\u001b\u202e]/);
  });

  test('an app without anything is reported as such', async () => {
    const folder = broken('nothing', {
      'manifest.json': JSON.stringify({ version: '53.0.0', artifacts: {} }),
    });
    expect(await printed([command, '--app', folder])).toMatch(
      command === 'objectives' ? /^0 resources under 0 plans, 0 databases/ : /^USD 0.00 a month: 0 sites, 0 resources/,
    );
  });

  test.each([
    ['without an app', [], /required option '--app <dir>' not specified/],
    ['with an argument too many', ['--app', 'x', 'y'], /too many arguments/],
  ])('%s is told what to give', async (_, args, says) => {
    const { status, stdout, stderr } = await playground.run([command, ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(says);
  });
});

test.each([
  ['--gib', 'Orders', /Give <plan>\/<resource>=<GiB>/],
  ['--gib', 'Orders=0', /Give <plan>\/<resource>=<GiB>/],
  ['--change-rate', '101', /Give a number from 0 to 100/],
  ['--drill-hours', 'x', /Give a number from 0 to 24/],
  ['--prices', 'nowhere.json', /cannot read the prices nowhere.json: ENOENT/],
  ['--prices', path.join(EXAMPLE, 'manifest.json'), /their schema must be cdk-recoverable\/prices\/v1/],
])('cost %s %s is refused', async (option, value, says) => {
  const { status, stdout, stderr } = await playground.run(['cost', '--app', EXAMPLE, option, value]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(says);
});
