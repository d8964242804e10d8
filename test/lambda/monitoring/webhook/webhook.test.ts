import { randomBytes } from 'node:crypto';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Webhook } from 'standardwebhooks';
import { RecoverySite, SignedWebhook } from '../../../../lib';
import { deliveryOf } from '../../../../lambda/monitoring/webhook/delivery';
import { deploy, type Deployed } from '../deployed';
import { openReceiver, status, type Heard, type Receiver } from '../receiver';

const newKey = (bytes = 32) => `whsec_${randomBytes(bytes).toString('base64')}`;
const KEY = newKey();
const MESSAGE = JSON.stringify({ schema: 'cdk-recoverable/message/v1', id: 'a', title: 'Gold/Orders is late — sehr' });

let site: Deployed;
let receiver: Receiver;
let webhook: ReturnType<Receiver['functionOf']>;

beforeAll(async () => {
  receiver = await openReceiver();
  site = await deploy((stack, alerts) => {
    new SignedWebhook(stack, 'Hook', {
      site: new RecoverySite(stack, 'Recovery', { name: 'acme', alerts }),
      topics: [alerts.ticket!],
      url: `https://${receiver.host}/hooks?token=not-for-logs`,
      secret: Secret.fromSecretNameV2(stack, 'Key', 'signing'),
    });
  });
  keep(KEY);
  webhook = receiver.functionOf(site, 'webhook');
}, 120_000);
afterAll(async () => {
  await receiver.close();
  await site.close();
});
beforeEach(() => void receiver.heard.splice(0));

const keep = (value: string) => site.secrets.keep('signing', value);

/** What lies in the queue. */
const queued = (Message: string, MessageId = 'b2c4', Subject?: string) => ({
  messageId: `sqs-${MessageId}`,
  body: JSON.stringify({ Type: 'Notification', MessageId, TopicArn: 'arn:aws:sns:x', Subject, Message }),
  attributes: { ApproximateReceiveCount: '1' },
});
const deliver = (record: object = queued(MESSAGE), to = webhook) => to.invoke({ Records: [record] });
const taken = { batchItemFailures: [] };
const failed = { batchItemFailures: [{ itemIdentifier: 'sqs-b2c4' }] };
const verify = ({ body, headers }: Heard, key = KEY) =>
  new Webhook(key).verify(body, headers as Record<string, string>);

test('posts the message as it is, signed as Standard Webhooks has it', async () => {
  expect(await deliver()).toEqual(taken);
  const [heard, ...others] = receiver.heard;
  expect(others).toEqual([]);
  expect([heard.method, heard.url, heard.body]).toEqual(['POST', '/hooks?token=not-for-logs', MESSAGE]);
  expect(heard.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'b2c4' });
  expect(verify(heard)).toEqual(JSON.parse(MESSAGE));
  expect(() => verify({ ...heard, body: heard.body.replace('late', 'fine') })).toThrow('No matching signature');
});

test.each([500, 503, 429, 404, 400, 401, 302, 304])(
  'what is answered with %d comes again, with the same id',
  async (code) => {
    receiver.answer(status(code, { location: `https://${receiver.host}/elsewhere` }));
    expect(await deliver()).toEqual(failed);
    expect(await deliver()).toEqual(taken);
    expect(receiver.heard.map(({ url }) => url)).toEqual(Array(2).fill('/hooks?token=not-for-logs'));
    expect(new Set(receiver.heard.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['b2c4']));
  },
);

test('one that is not taken holds up no other', async () => {
  receiver.answer(status(500));
  const answer = await webhook.invoke({ Records: [queued(MESSAGE, 'one'), queued(MESSAGE, 'two')] });
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'sqs-one' }] });
});

test('a receiver that is slow, or hangs up, has not taken it', async () => {
  receiver.answer(() => {});
  expect(await deliver()).toEqual(failed);
  receiver.answer((response) => response.destroy());
  expect(await deliver()).toEqual(failed);
  await webhook.log('nothing within 10 s');
}, 30_000);

test('a key that was rotated is read again when it is refused', async () => {
  const next = newKey(24);
  keep(next);
  receiver.answer(status(401));
  expect(await deliver()).toEqual(taken);
  expect(verify(receiver.heard[1], next)).toEqual(JSON.parse(MESSAGE));
  keep(KEY);
  receiver.answer(status(401));
  expect(await deliver()).toEqual(taken);
});

test.each([
  ['no whsec_', randomBytes(32).toString('base64')],
  ['too short', newKey(8)],
  ['no base64', 'whsec_####################################'],
  ['JSON', JSON.stringify({ key: KEY })],
])('a signing key that is %s posts nothing, and is not logged', async (_, value) => {
  keep(value);
  const fresh = receiver.functionOf(site, 'webhook');
  expect(await deliver(queued(MESSAGE), fresh)).toEqual(failed);
  keep(KEY);
  expect(receiver.heard).toEqual([]);
  expect(await fresh.log('must be whsec_ and 24 to 64 bytes in base64')).not.toContain(value.slice(6, 20));
});

test('without a secret, and where nobody vouches for the receiver, nothing is posted', async () => {
  const missing = receiver.functionOf(site, 'webhook', { SIGNING_SECRET: 'arn:aws:secretsmanager:x' });
  expect(await deliver(queued(MESSAGE), missing)).toEqual(failed);
  const distrusting = receiver.functionOf(site, 'webhook', { NODE_EXTRA_CA_CERTS: '' });
  expect(await deliver(queued(MESSAGE), distrusting)).toEqual(failed);
  expect(receiver.heard).toEqual([]);
  expect(await distrusting.log('did not answer')).toMatch(/localhost:\d+ did not answer: [A-Z_]+/);
});

test('neither the address nor the key is ever logged', async () => {
  expect(await webhook.log('posted')).not.toMatch(/not-for-logs|whsec_|hooks/);
});

test.each([
  ['text', 'a drill passed', { schema: 'cdk-recoverable/text/v1', subject: 'S', text: 'a drill passed' }],
  ['a list', '[1]', { schema: 'cdk-recoverable/text/v1', subject: 'S', text: '[1]' }],
  ['nothing', '', { schema: 'cdk-recoverable/text/v1', subject: 'S', text: '' }],
])('what was published as %s is wrapped', (_, text, body) => {
  expect(JSON.parse(deliveryOf(queued(text, 'x', 'S').body).body)).toEqual(body);
});

test.each(['', '{}', '[]', 'null', '"a"', '{"Type":"SubscriptionConfirmation","MessageId":"x","Message":"y"}'])(
  'what is no notification is not posted: %s',
  async (body) => {
    expect(() => deliveryOf(body)).toThrow('no notification of SNS');
    expect(await deliver({ ...queued(MESSAGE), body })).toEqual(failed);
    expect(receiver.heard).toEqual([]);
  },
);
