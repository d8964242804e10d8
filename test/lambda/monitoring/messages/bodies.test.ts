import fc from 'fast-check';
import { bodiesOf, subjectOf } from '../../../../lambda/monitoring/messages/bodies';
import type { Message } from '../../../../lambda/monitoring/messages/message';
import { line, span, when } from '../../../../lambda/monitoring/messages/text';
import { MISSED } from './support';

const IDENTITY = { id: 'one-telling', thread: 'one-cause' };
const chat = (message: Message) => JSON.parse(bodiesOf(message, IDENTITY).https);

test('Slack and Teams are given what Amazon Q Developer shows', () => {
  expect(chat(MISSED)).toEqual({
    version: '1.0',
    source: 'custom',
    id: 'one-telling',
    content: {
      textType: 'client-markdown',
      title: 'page: Gold/Orders has no daily recovery point for 27 hours',
      description: [
        'What happened: The newest daily recovery point of Gold/Orders is 27 hours old; 26 hours are allowed.',
        'Since: 2026-11-20 03:10 UTC',
        'What it means: If the database were lost now, more than the promised 15 minutes of data could be lost with it.',
        'Resources: Gold/Orders',
        'Where: plan Gold, site acme, eu-west-1',
        'Owner: Payments',
      ].join('\n'),
      nextSteps: [
        'Look at the newest backup jobs of the database in AWS Backup.',
        'Database: https://eu-west-1.console.aws.amazon.com/rds/home?region=eu-west-1',
      ],
      keywords: ['page', 'acme', 'Gold'],
    },
    metadata: {
      threadId: 'one-cause',
      summary: 'Gold/Orders has no daily recovery point for 27 hours',
      eventType: 'page-raised',
      relatedResources: ['Gold/Orders'],
      additionalContext: { site: 'acme', region: 'eu-west-1', cause: 'resource Gold/Orders' },
    },
  });
});

test('text messages and subjects are one short line of ASCII', () => {
  expect(bodiesOf(MISSED, IDENTITY).sms).toBe('page: Gold/Orders has no daily recovery point for 27 hours');
  expect(subjectOf({ ...MISSED, title: `Größe\n${'x'.repeat(200)}` })).toMatch(/^\[page\] Gr\?\?e x{83}\.\.\.$/);
});

test('machines are given the message itself', () => {
  const { sqs, lambda } = bodiesOf(MISSED, IDENTITY);
  expect(lambda).toBe(sqs);
  expect(JSON.parse(sqs)).toEqual({
    schema: 'cdk-recoverable/message/v1',
    ...IDENTITY,
    ...MISSED,
    resourcesInAll: 1,
  });
});

test('a step too long for the list is said in full where there is room', () => {
  const nextStep = `Run ${'very '.repeat(80)}long command --and-its-end`;
  const { content } = chat({ ...MISSED, nextStep });
  expect(content.nextSteps).toHaveLength(1);
  expect(content.description).toContain('--and-its-end');
});

test('no name from AWS mentions a channel, adds a line or turns text round', () => {
  const hostile = 'a<!channel>\n\n<https://evil.example|click>\u202e\u0000b';
  const message = { ...MISSED, title: hostile, what: hostile, resources: [hostile], owner: hostile };
  const bodies = bodiesOf(message, IDENTITY);
  expect(bodies.https).not.toMatch(/[<>\u202e]|\\u0000/);
  expect(bodies.email).not.toMatch(/[\u202e\u0000]/);
  expect(bodies.email.split('\n')).toHaveLength(bodiesOf(MISSED, IDENTITY).email.split('\n').length);
});

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3_000 }),
  fc.constantFrom('', '😀'.repeat(3_000), '\\'.repeat(3_000), '<"'.repeat(2_000)),
);
const messages: fc.Arbitrary<Message> = fc.record({
  severity: fc.constantFrom('page', 'ticket', 'digest'),
  state: fc.constantFrom('raised', 'cleared'),
  cause: texts,
  title: texts,
  what: texts,
  since: fc.oneof(fc.constant('2026-11-20T03:10:00Z'), texts),
  means: texts,
  nextStep: texts,
  links: fc.array(fc.record({ label: texts, url: texts }), { maxLength: 30 }),
  site: fc.constant('acme'),
  region: fc.constant('eu-west-1'),
  plan: fc.option(texts, { nil: undefined }),
  owner: fc.option(texts, { nil: undefined }),
  resources: fc.array(texts, { maxLength: 2_000, size: 'max' }),
});

test('whatever is said, SNS and Amazon Q Developer take it', () => {
  fc.assert(
    fc.property(messages, (message) => {
      const subject = subjectOf(message);
      expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
      const bodies = bodiesOf(message, IDENTITY);
      expect(Buffer.byteLength(JSON.stringify(bodies))).toBeLessThan(262_144);
      expect(bodies.sms.length).toBeLessThanOrEqual(140);
      const { content, metadata } = JSON.parse(bodies.https);
      expect(content.title.length).toBeLessThanOrEqual(250);
      expect(content.description.length).toBeLessThanOrEqual(8_000);
      expect(content.description).not.toBe('');
      for (const step of content.nextSteps) expect(step.length).toBeLessThanOrEqual(350);
      for (const keyword of content.keywords) expect(keyword.length).toBeLessThanOrEqual(75);
      expect(metadata.threadId).toBe('one-cause');
      expect(bodies.default.isWellFormed()).toBe(true);
      expect(JSON.stringify(content)).not.toMatch(/[<>]/);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

test('times and spans as people say them', () => {
  expect(when('2026-11-20T03:10:59.999Z')).toBe('2026-11-20 03:10 UTC');
  expect(when('yesterday\n')).toBe('yesterday');
  expect([0, 60, 900, 7_140, 7_200, 9_000, 97_200, 259_200, 270_000, 2_592_000].map(span)).toEqual([
    '0 seconds',
    '1 minute',
    '15 minutes',
    '119 minutes',
    '2 hours',
    '2 hours 30 minutes',
    '27 hours',
    '3 days',
    '3 days 3 hours',
    '30 days',
  ]);
  expect(line('  a\t\r\n b  ')).toBe('a b');
});
