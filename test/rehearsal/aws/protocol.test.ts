import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeDBInstances$ } from '@aws-sdk/client-rds';
import { GetSecretValue$, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetObject$, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSchedule$ } from '@aws-sdk/client-scheduler';
import {
  createAuthorize,
  RehearsedS3,
  RehearsedScheduler,
  RehearsedSecrets,
  startAws,
  type RunningAws,
  type Service,
} from '../../../rehearsal/aws';
import { jsonProtocol } from '../../../rehearsal/aws/protocol/json';
import { queryProtocol } from '../../../rehearsal/aws/protocol/query';
import { restJsonProtocol } from '../../../rehearsal/aws/protocol/rest-json';
import { restXmlProtocol } from '../../../rehearsal/aws/protocol/rest-xml';
import type { Protocol } from '../../../rehearsal/aws/protocol/types';
import { openAccount, type Account } from './rds-support';
import { everything, place, region, role, start } from './support';

interface Answer {
  status: number;
  body: string;
}

/** A request as it is on the wire, so that it may say what no SDK would. */
function send(
  url: string,
  service: string,
  path: string,
  headers: Record<string, string>,
  body = '',
  method = 'POST',
): Promise<Answer> {
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIAADMIN/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const outgoing = request({ hostname, port, path, method, headers: { authorization, ...headers } }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode!, body: Buffer.concat(chunks).toString('utf8') }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('AWS Query', () => {
  let one: Account;
  beforeAll(async () => {
    one = await openAccount();
  });
  afterAll(() => one.close());

  const query = (body: string) => send(one.aws.url, 'rds', '/', {}, body);
  const restore = 'Action=RestoreDBInstanceToPointInTime&Version=2014-10-31';

  const cases: [string, string, string][] = [
    ['an unknown parameter', 'Action=DescribeDBInstances&Version=2014-10-31&DBInstanceName=x', 'ValidationError'],
    ['an unknown parameter within a list', `${restore}&Tags.Tag.1.Keys=x`, 'ValidationError'],
    ['a list under a wrong name', `${restore}&Tags.member.1.Key=x`, 'ValidationError'],
    ['a list with a gap', `${restore}&Tags.Tag.1.Key=x&Tags.Tag.3.Key=y`, 'ValidationError'],
    ['a list that is a text', `${restore}&Tags=x`, 'ValidationError'],
    ['a text that is a structure', `${restore}&TargetDBInstanceIdentifier.x=y`, 'ValidationError'],
    ['a number that is none', `${restore}&TargetDBInstanceIdentifier=x&Port=5432x`, 'ValidationError'],
    ['a boolean that is none', `${restore}&TargetDBInstanceIdentifier=x&MultiAZ=yes`, 'ValidationError'],
    [
      'a time without zone',
      `${restore}&TargetDBInstanceIdentifier=x&RestoreTime=2026-01-01T00:00:00`,
      'ValidationError',
    ],
    [
      'a time that is none',
      `${restore}&TargetDBInstanceIdentifier=x&RestoreTime=2026-13-01T00:00:00Z`,
      'ValidationError',
    ],
    ['a parameter twice', `${restore}&TargetDBInstanceIdentifier=x&TargetDBInstanceIdentifier=y`, 'ValidationError'],
    ['a missing required parameter', restore, 'MissingParameter'],
    ['another version', 'Action=DescribeDBInstances&Version=2013-01-01', 'NoSuchVersion'],
    ['an unknown action', 'Action=DropEverything&Version=2014-10-31', 'NotRehearsed'],
    ['no action', '', 'NotRehearsed'],
    ['hostile names', 'Action=__proto__&Version=2014-10-31&constructor.prototype=1', 'NotRehearsed'],
  ];
  test.each(cases)('refuses %s', async (_, body, code) => {
    const answer = await query(body);
    expect(answer.body).toContain(`<Code>${code}</Code>`);
    expect(answer.status).toBe(400);
  });

  test('an empty list and numbers by their traits are read', async () => {
    const answer = await query('Action=DescribeDBInstances&Version=2014-10-31&MaxRecords=20');
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<DBInstanceIdentifier>orders</DBInstanceIdentifier>');
    expect(answer.body).toContain('xmlns="http://rds.amazonaws.com/doc/2014-10-31/"');
    expect(answer.body).toMatch(/<RequestId>[0-9a-f-]{36}<\/RequestId>/);
  });
});

describe('AWS JSON', () => {
  let aws: RunningAws;
  beforeAll(async () => {
    aws = await start([
      new RehearsedSecrets(place).service(),
      new RehearsedScheduler({ ...place, schedules: [] }).service(),
    ]);
  });
  afterAll(async () => {
    await aws.close();
    expect(aws.problems).toEqual([]);
  });

  const json = (body: string, target = 'secretsmanager.CreateSecret') =>
    send(aws.url, 'secretsmanager', '/', { 'x-amz-target': target }, body);

  const cases: [string, string, string][] = [
    ['an unknown member', '{"Name":"x","Secret":"y"}', 'SerializationException'],
    ['a number for a text', '{"Name":7}', 'SerializationException'],
    ['a text for a list', '{"Name":"x","Tags":"y"}', 'SerializationException'],
    ['a list for the body', '[]', 'SerializationException'],
    ['what is no JSON', '{"Name":', 'SerializationException'],
    ['a missing required member', '{}', 'ValidationException'],
    ['a required member that is null', '{"Name":null}', 'ValidationException'],
    ['__proto__', '{"Name":"x","__proto__":{}}', 'SerializationException'],
  ];
  test.each(cases)('refuses %s', async (_, body, code) => {
    const answer = await json(body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).__type).toBe(`com.amazonaws.secretsmanager#${code}`);
  });

  test('refuses another target, and a path with broken encoding', async () => {
    expect((await json('{}', 'other.CreateSecret')).body).toContain('NotRehearsed');
    const path = '/schedules/%ff';
    expect((await send(aws.url, 'scheduler', path, {}, '', 'GET')).body).toContain('SerializationException');
  });
});

describe('who calls', () => {
  let aws: RunningAws;
  beforeAll(async () => {
    aws = await start([new RehearsedSecrets(place).service()]);
  });
  afterAll(() => aws.close());

  test('nobody, a stranger, another Region and an unknown service are refused', async () => {
    const credential = (scope: string) => ({ authorization: `AWS4-HMAC-SHA256 Credential=${scope}/aws4_request` });
    const call = (scope: string) =>
      send(aws.url, '', '/', { ...credential(scope), 'x-amz-target': 'secretsmanager.ListSecrets' }, '{}');
    expect((await send(aws.url, '', '/', { authorization: 'none' })).status).toBe(403);
    const stranger = await call(`AKIANOBODY/20260101/${region}/secretsmanager`);
    expect([stranger.status, stranger.body]).toEqual([
      403,
      expect.stringContaining('security token included in the request is invalid'),
    ]);
    expect((await call('AKIAADMIN/20260101/us-east-1/secretsmanager')).body).toContain("'us-east-1' is not eu-west-1");
    expect((await call(`AKIAADMIN/20260101/${region}/ec2`)).body).toBe(
      "service 'ec2' is not rehearsed: known are secretsmanager",
    );
    expect((await call(`AKIAADMIN/20260101/${region}/secretsmanager`)).status).toBe(200);
  });
});

test('a caller killed in the middle of its request leaves no problem behind', async () => {
  const aws = await start([new RehearsedSecrets(place).service()]);
  await new Promise<void>((resolve) => {
    const socket = connect(aws.port, '127.0.0.1', () => {
      socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"Name":');
      setTimeout(() => socket.destroy(), 50);
    });
    socket.on('close', () => resolve());
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([aws.problems, aws.calls]).toEqual([[], []]);
  await aws.close();
});

test('clients that know nothing but AWS_ENDPOINT_URL and their keys find every service', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'aws-endpoint-'));
  const s3 = new RehearsedS3({ ...place, directory, buckets: [{ name: 'plain' }] });
  const aws = await start([s3.service(), new RehearsedSecrets(place).service()]);
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'AKIAADMIN',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  });
  const [objects, secrets] = [new S3Client({}), new SecretsManagerClient({})];
  try {
    await objects.send(new PutObjectCommand({ Bucket: 'plain', Key: 'a/b', Body: 'x' }));
    expect(s3.keys('plain')).toEqual(['a/b']);
    expect((await secrets.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
  } finally {
    process.env = before;
    objects.destroy();
    secrets.destroy();
    await aws.close();
    rmSync(directory, { recursive: true });
  }
});

describe('answers', () => {
  const protocols: [string, Protocol, Parameters<Protocol['encode']>[0], object][] = [
    [
      'AWS Query',
      queryProtocol('com.amazonaws.rds', '2014-10-31', 'http://x/'),
      DescribeDBInstances$,
      { DBInstances: [{ DBInstanceStaus: 'x' }] },
    ],
    [
      'AWS Query',
      queryProtocol('com.amazonaws.rds', '2014-10-31', 'http://x/'),
      DescribeDBInstances$,
      { DBInstances: [{ MultiAZ: 'true' }] },
    ],
    [
      'AWS JSON',
      jsonProtocol('1.1', 'com.amazonaws.secretsmanager', 'secretsmanager'),
      GetSecretValue$,
      { Value: 'x' },
    ],
    [
      'AWS JSON',
      jsonProtocol('1.1', 'com.amazonaws.secretsmanager', 'secretsmanager'),
      GetSecretValue$,
      { CreatedDate: '2026' },
    ],
    ['REST-JSON', restJsonProtocol('com.amazonaws.scheduler'), GetSchedule$, { Target: { ARN: 'x' } }],
    ['REST-XML', restXmlProtocol('com.amazonaws.s3', 'http://x/'), GetObject$, { Tag: 'x' }],
  ];
  test.each(protocols)('%s refuses an answer that AWS could not give', (_, protocol, operation, output) => {
    expect(() => protocol.encode(operation, output as Record<string, unknown>, 'id')).toThrow(
      expect.objectContaining({ name: 'AnswerRefused' }),
    );
  });

  test('a handler that breaks is kept as a problem, and answered so that no client retries', async () => {
    const secrets = new RehearsedSecrets(place).service();
    const broken: Service = {
      ...secrets,
      operations: secrets.operations.map((one) => ({ ...one, handle: async () => ({ Surprise: 1 }) })),
    };
    const aws = await startAws({
      services: [broken],
      principals: new Map([['AKIAADMIN', role('admin', everything)]]),
      authorize: createAuthorize({ region }),
    });
    const answer = await send(aws.url, 'secretsmanager', '/', { 'x-amz-target': 'secretsmanager.ListSecrets' }, '{}');
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('RehearsalFailed');
    expect(aws.problems).toEqual([expect.objectContaining({ name: 'AnswerRefused' })]);
    await aws.close();
  });
});
