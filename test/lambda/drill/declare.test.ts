import { createHash } from 'node:crypto';
import { completeChecks, parseDefinition } from '../../../lambda/drill/declare/definition';
import type { DeclareEvent } from '../../../lambda/drill/declare/handler';
import { declaredDisaster, drillId } from '../../../lambda/drill/declare/identity';
import { keys } from '../../../lambda/shared/keys';
import type { Lock } from '../../../lambda/shared/lock';
import type { DrillFacts } from '../../../lib/private/contract/drill';
import { rejection } from '../../rehearsal/aws/support';
import { definition, executionArn, openSite, PREFIX, type Site } from '../account';

const input = JSON.stringify({ schedule: 'weekly', scheduledTime: '<aws.scheduler.scheduled-time>', definition });

let site: Site;
let declare: (event: DeclareEvent) => Promise<DrillFacts>;
beforeAll(async () => {
  const broken = { other: '{"definition":{"schema":"cdk-recoverable/drill/v2"}}', garbage: '{"sec', empty: '' };
  const unread = { ...definition, resource: { ...definition.resource, name: 'Shop/Unread' } };
  const schedules = { weekly: input, twin: input, unread: JSON.stringify({ definition: unread }), ...broken };
  site = await openSite({ schedules });
  ({ handler: declare } = await import('../../../lambda/drill/declare/handler'));
});
afterAll(() => site.close());

let starts = 0;
function event(change: Partial<DeclareEvent> = {}): DeclareEvent {
  const startedAt = new Date().toISOString();
  return { input: { schedule: 'weekly' }, execution: executionArn(`run-${++starts}`), startedAt, ...change };
}
const free = () => site.state.delete(keys.lock(definition.resource.name));
const locked = async (resource = definition.resource.name) =>
  (await site.state.get<Lock>(keys.lock(resource)))?.value.drillId;

describe('a drill', () => {
  beforeEach(free);

  test('is named from its schedule and start, before anything is made', async () => {
    const given = event();
    const facts = await declare(given);
    expect(facts).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{20}$/),
      names: { instance: PREFIX + facts.id, secret: PREFIX + facts.id },
      resource: 'Shop/Orders',
      disasterAt: given.startedAt,
      execution: given.execution,
    });
    expect((await site.state.get(keys.definition(facts.id)))?.value).toEqual(definition);
    expect((await site.state.get(keys.execution(given.execution)))?.value).toEqual(facts);
    expect(await locked()).toBe(facts.id);
  });

  test('declared again by our own retry is the same drill', async () => {
    const given = event();
    expect(await declare(given)).toEqual(await declare(given));
  });

  test('started twice for one scheduled time is recognised, by schedule', async () => {
    const scheduledTime = new Date(Date.now() - 60_000).toISOString();
    const first = await declare(event({ input: { schedule: 'weekly', scheduledTime } }));
    expect(first.disasterAt).toBe(scheduledTime);
    const second = event({ input: { schedule: 'weekly', scheduledTime } });
    expect(await rejection(declare(second))).toMatchObject({
      name: 'DuplicateDrill',
      message: expect.stringContaining(first.execution),
    });
    expect(await site.state.get(keys.execution(second.execution))).toBeNull();
    expect(await locked()).toBe(first.id);
    await free();
    const other = await declare(event({ input: { schedule: 'twin', scheduledTime } }));
    expect(other.id).not.toBe(first.id);
  });

  test('of a resource that another drill holds is blocked, and the recorder knows', async () => {
    const holder = await declare(event());
    const given = event();
    const facts = await declare(given);
    expect(facts.blockedBy).toMatch(
      new RegExp(`^drill ${holder.id} holds Shop/Orders until it ends, at the latest 20`),
    );
    expect((await site.state.get(keys.execution(given.execution)))?.value).toEqual(facts);
    expect(await locked()).toBe(holder.id);
  });

  test('that cannot take the lock is on record, so that somebody can tell of it and release the resource', async () => {
    // A lock that cannot be read stands for whatever goes wrong from here on.
    await site.state.putText(keys.lock('Shop/Unread'), '{"drill', 'application/json');
    const given = event({ input: { schedule: 'unread' } });
    await rejection(declare(given));
    expect((await site.state.get(keys.execution(given.execution)))?.value).toMatchObject({ resource: 'Shop/Unread' });
  });
});

describe('only the name of a schedule is taken from the input', () => {
  test.each([undefined, null, 7, '', 'a/b', '../x', 'weekly\n', 'x'.repeat(65), '*', ['weekly']])(
    '%j',
    async (name) => {
      const given = event({ input: { schedule: name as string } });
      expect((await rejection(declare(given))).name).toBe('InvalidInput');
    },
  );

  test('one that does not exist in the site’s group is not found', async () => {
    const error = await rejection(declare(event({ input: { schedule: 'elsewhere' } })));
    expect(error.name).toBe('ResourceNotFoundException');
  });

  test.each(['other', 'garbage', 'empty'])(
    '%s input of a schedule is no definition, and is not repeated',
    async (name) => {
      const error = await rejection(declare(event({ input: { schedule: name } })));
      expect(error).toMatchObject({
        name: 'InvalidDefinition',
        message: expect.stringContaining('deploy its plan again'),
      });
      expect(error.message).not.toContain('sec');
    },
  );
});

describe('the declared disaster', () => {
  const START = '2026-11-20T13:00:30.000Z';

  test('is the scheduled time in UTC, or the start by hand', () => {
    expect(declaredDisaster(undefined, START)).toBe(START);
    expect(declaredDisaster('2026-11-20T13:00:00Z', START)).toBe('2026-11-20T13:00:00.000Z');
    expect(declaredDisaster('2026-11-20T14:00:00+01:00', START)).toBe('2026-11-20T13:00:00.000Z');
  });

  test('is never after the start, however the clocks differ', () => {
    expect(declaredDisaster('2026-11-20T13:01:00Z', START)).toBe(START);
  });

  test.each([
    '2026-11-20T13:02:00Z',
    '2026-11-19T13:00:00Z',
    '2026-11-20T13:00:00',
    'yesterday Z',
    '<aws.scheduler.scheduled-time>',
    '',
  ])('cannot be %j', (time) => {
    expect(() => declaredDisaster(time, START)).toThrow(/scheduledTime must be an RFC 3339 time with zone/);
  });
});

test('a drill’s id depends on schedule and start, and on the border between them', () => {
  const ids = [drillId('a', 'b'), drillId('ab', ''), drillId('', 'ab'), drillId('a', 'c')];
  expect(new Set(ids).size).toBe(4);
  expect(ids.every((id) => /^[0-9a-f]{20}$/.test(id))).toBe(true);
});

describe('checks in an asset', () => {
  const checks = JSON.stringify(definition.checks);
  const asset = { bucket: 'state', key: 'asset.json', sha256: createHash('sha256').update(checks).digest('hex') };

  test('are what the definition promised, to the byte', async () => {
    await site.state.putText(asset.key, checks, 'application/json');
    const complete = await completeChecks({ ...definition, checks: [], checksAsset: asset });
    expect(complete.checks).toEqual(definition.checks);
    await site.state.putText(asset.key, `${checks} `, 'application/json');
    const error = await rejection(completeChecks({ ...definition, checks: [], checksAsset: asset }));
    expect(error).toMatchObject({ name: 'InvalidDefinition', message: expect.stringContaining(asset.sha256) });
  });

  test('find their buckets in the input, where deployment could write what they are', async () => {
    const bucket = { name: 'Gold/Uploads', bucket: 'uploads', region: 'eu-west-1' };
    const check = { kind: 'replica', id: 'r', bucket: { name: bucket.name }, sample: { every: true } };
    const body = JSON.stringify([check, definition.checks[0]]);
    const sha256 = createHash('sha256').update(body).digest('hex');
    const pointer = { bucket: 'state', key: 'files.json', sha256 };
    await site.state.putText(pointer.key, body, 'application/json');
    const complete = await completeChecks({ ...definition, checks: [], checksAsset: pointer, buckets: [bucket] });
    expect(complete.checks).toEqual([{ ...check, bucket }, definition.checks[0]]);
    const error = await rejection(completeChecks({ ...definition, checks: [], checksAsset: pointer }));
    expect(error).toMatchObject({ name: 'InvalidDefinition', message: expect.stringMatching(/Gold\/Uploads/) });
  });
});

test('a definition is read whatever else the input holds', () => {
  expect(parseDefinition(input, 'weekly')).toEqual(definition);
  for (const bad of [undefined, 'null', '[]', '{}', '"x"'])
    expect(() => parseDefinition(bad, 'weekly')).toThrow('schedule weekly holds no drill definition');
});
