import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { Faults, RehearsedSns } from '../../../../rehearsal/aws';
import { openSite, type Site } from '../../account';
import { rejection } from '../../../rehearsal/aws/support';
import { ALERTS, at, MISSED, topics } from './support';

const faults: Faults = {};
let sns: RehearsedSns;
let site: Site;
let send: (typeof import('../../../../lambda/monitoring/messages/send'))['send'];

beforeAll(async () => {
  sns = topics();
  site = await openSite({ services: [sns.service()], faults });
  ({ send } = await import('../../../../lambda/monitoring/messages/send'));
});
afterAll(() => site.close());
afterEach(() => {
  jest.useRealTimers();
  delete faults.throttle;
  sns.published.length = 0;
});

/** A message of a cause that no other test has. */
let causes = 0;
const fresh = (more: object = {}) => ({ ...MISSED, cause: `cause ${++causes}`, ...more });
const cleared = (message: typeof MISSED) => ({ ...message, state: 'cleared' as const, title: 'recoverable again' });
const told = () => sns.published.map(({ topic, subject }) => `${topic.split(':').at(-1)}: ${subject}`);

test('tells a cause once, that it is over once, and then again', async () => {
  const message = fresh();
  expect(await send(message, ALERTS)).toBe(true);
  expect(await send(message, ALERTS)).toBe(false);
  expect(await send(cleared(message), ALERTS)).toBe(true);
  expect(await send(cleared(message), ALERTS)).toBe(false);
  expect(await send(message, ALERTS)).toBe(true);
  expect(told()).toEqual([
    `pager: [page] ${MISSED.title}`,
    'pager: [over] recoverable again',
    `pager: [page] ${MISSED.title}`,
  ]);
});

test('says nothing is over that nobody was told of', async () => {
  expect(await send(cleared(fresh()), ALERTS)).toBe(false);
  expect(told()).toEqual([]);
});

test('a hundred that send one cause at once are one message, and so are a hundred that say it is over', async () => {
  const message = fresh();
  const raised = await Promise.all(Array.from({ length: 100 }, () => send(message, ALERTS)));
  expect(raised.filter(Boolean)).toHaveLength(1);
  const over = await Promise.all(Array.from({ length: 100 }, () => send(cleared(message), ALERTS)));
  expect(over.filter(Boolean)).toHaveLength(1);
  expect(told()).toHaveLength(2);
}, 60_000);

test('a message that could not be published is not told: the next one tells', async () => {
  const message = fresh();
  faults.throttle = { service: 'sns' };
  expect((await rejection(send(message, ALERTS))).name).toBe('ThrottledException');
  delete faults.throttle;
  expect(await send(message, ALERTS)).toBe(true);
});

test('that something is over is told by the next one where it could not be published', async () => {
  const message = fresh();
  await send(message, ALERTS);
  faults.throttle = { service: 'sns' };
  await rejection(send(cleared(message), ALERTS));
  expect(await send(message, ALERTS)).toBe(false);
  delete faults.throttle;
  expect(await send(cleared(message), ALERTS)).toBe(true);
});

test('of many of which the first fails to publish, another tells', async () => {
  const message = fresh();
  faults.throttle = { service: 'sns' };
  const senders = Array.from({ length: 10 }, () => send(message, ALERTS));
  setTimeout(() => delete faults.throttle, 400);
  const outcomes = await Promise.allSettled(senders);
  const tellers = outcomes.filter((one) => one.status === 'fulfilled' && one.value);
  expect(tellers.length).toBeLessThanOrEqual(1);
  expect(told()).toHaveLength(tellers.length);
  if (tellers.length === 0) expect(await send(message, ALERTS)).toBe(true);
});

test('what killed its teller is told by whoever comes after it has had its time', async () => {
  const message = fresh();
  await send(message, ALERTS);
  const key = (await site.s3.send(new ListObjectsV2Command({ Bucket: 'state' })))
    .Contents!.map(({ Key }) => Key!)
    .filter((one) => one.startsWith('messages/'));
  for (const each of key) {
    const held = await site.state.get<{ cause: string }>(each);
    if (held?.value.cause !== message.cause) continue;
    const until = new Date(Date.now() + 1_500).toISOString();
    await site.state.put(each, { cause: message.cause, telling: { by: 'somebody dead', until } });
  }
  const started = Date.now();
  expect(await send(message, ALERTS)).toBe(true);
  expect(Date.now() - started).toBeGreaterThan(1_000);
});

test('what happens at a moment is told again after a day, what lasts only after a day of silence', async () => {
  const [once, lasting] = [fresh({ lasting: undefined }), fresh()];
  const hours = async (from: number, to: number) => {
    const answers: boolean[][] = [];
    for (let hour = from; hour <= to; hour += 6) {
      at(Date.parse('2026-11-20T00:00:00Z') + hour * 3_600_000);
      answers.push([await send(once, ALERTS), await send(lasting, ALERTS)]);
    }
    return answers;
  };
  expect(await hours(0, 48)).toEqual([
    [true, true],
    [false, false],
    [false, false],
    [false, false],
    [true, false],
    [false, false],
    [false, false],
    [false, false],
    [true, false],
  ]);
  expect(await hours(96, 96)).toEqual([[true, true]]);
});

test('what becomes louder is told again, what becomes quieter is not', async () => {
  const message = fresh({ severity: 'ticket' });
  expect(await send(message, ALERTS)).toBe(true);
  expect(await send({ ...message, severity: 'page' }, ALERTS)).toBe(true);
  expect(await send({ ...message, severity: 'digest' }, ALERTS)).toBe(false);
  expect(told()).toEqual([`tickets: [ticket] ${MISSED.title}`, `pager: [page] ${MISSED.title}`]);
  expect(await send(cleared({ ...message, severity: 'digest' }), ALERTS)).toBe(true);
  expect(told().at(-1)).toBe('pager: [over] recoverable again');
});

test('a missing topic falls to another, but what is for reading never pages', async () => {
  const { page, ticket, digest } = ALERTS;
  const to = async (severity: string, alerts: object) => {
    sns.published.length = 0;
    await send(fresh({ severity }), alerts);
    return sns.published[0]?.topic;
  };
  expect(await to('page', { ticket, digest })).toBe(ticket);
  expect(await to('page', { digest })).toBe(digest);
  expect(await to('ticket', { page, digest })).toBe(digest);
  expect(await to('ticket', { page })).toBe(page);
  expect(await to('digest', { page, ticket })).toBe(ticket);
  expect(await to('digest', { page })).toBeUndefined();
  expect((await rejection(send(fresh(), {}))).message).toBe(
    `nobody is told that ${MISSED.title}: name at least one topic in the alerts of its plan or site`,
  );
});
