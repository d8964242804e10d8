import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  RehearsedLambda,
  RehearsedScheduler,
  RehearsedSecrets,
  RehearsedSns,
  RehearsedStates,
  type RunningAws,
} from '../../../rehearsal/aws';
import { account, clientOf, keyArn, place, policy, region, rejection, role, start } from './support';

const topic = `arn:aws:sns:${region}:${account}:tickets`;
const locked = `arn:aws:sns:${region}:${account}:locked`;
const machine = `arn:aws:states:${region}:${account}:stateMachine:drill`;
const query = `arn:aws:lambda:${region}:${account}:function:query`;
const secretArn = `arn:aws:secretsmanager:${region}:${account}:secret`;

const secrets = new RehearsedSecrets(place);
const sns = new RehearsedSns({ ...place, topics: [{ arn: topic }, { arn: locked, kmsKeyArn: keyArn }] });
const states = new RehearsedStates({ ...place, stateMachines: [machine] });
const schedules = [
  {
    name: 'weekly',
    group: 'site',
    expression: 'cron(0 3 ? * MON *)',
    target: { arn: machine, roleArn: `arn:aws:iam::${account}:role/start`, input: '{"schedule":"wéékly"}' },
  },
];
const invoked: [string, string][] = [];
const functions: Record<string, (payload: string) => { payload: string; functionError?: string }> = {
  [`${query}:7`]: (payload) => ({ payload: JSON.stringify({ heard: JSON.parse(payload) }) }),
  [`${query}:8`]: () => ({ payload: '{"errorType":"CannotConnect","errorMessage":"no"}', functionError: 'Unhandled' }),
  [`${query}:9`]: () => ({ payload: JSON.stringify('x'.repeat(6 * 1024 * 1024)) }),
};

let aws: RunningAws;
const close: (() => void)[] = [];

function client<C extends { destroy(): void }>(make: new (config: object) => C, accessKeyId?: string): C {
  const made = new make(clientOf(aws, accessKeyId));
  close.push(() => made.destroy());
  return made;
}

beforeAll(async () => {
  const lambda = new RehearsedLambda({
    ...place,
    invoke: async (arn, payload) => {
      invoked.push([arn, payload]);
      return functions[arn]?.(payload);
    },
  });
  const scheduler = new RehearsedScheduler({ ...place, schedules });
  aws = await start(
    [secrets, sns, states, lambda, scheduler].map((one) => one.service()),
    {
      AKIADRILL: role(
        'drill',
        policy('secretsmanager:*', `${secretArn}:rcv-site-*`),
        policy('lambda:InvokeFunction', `${query}:7`),
        policy('sns:Publish', '*'),
      ),
    },
  );
});

afterAll(async () => {
  close.forEach((one) => one());
  await aws.close();
  expect(aws.problems).toEqual([]);
});

describe('Secrets Manager', () => {
  const sm = () => client(SecretsManagerClient);
  const token = 'a'.repeat(32);
  const create = (Name: string, SecretString = '{"password":"x"}', more = {}) =>
    sm().send(new CreateSecretCommand({ Name, SecretString, ClientRequestToken: token, ...more }));

  test('a secret is made once, however often its maker asks with one token', async () => {
    const first = await create('rcv-1', undefined, { Tags: [{ Key: 'drill', Value: '1' }] });
    expect(first.ARN).toMatch(new RegExp(`^${secretArn}:rcv-1-[A-Za-z0-9]{6}$`));
    expect(await create('rcv-1')).toMatchObject({ ARN: first.ARN, VersionId: token });
    expect((await rejection(create('rcv-1', 'another value'))).name).toBe('ResourceExistsException');
    const other = create('rcv-1', undefined, { ClientRequestToken: 'b'.repeat(32) });
    expect((await rejection(other)).name).toBe('ResourceExistsException');
    for (const SecretId of ['rcv-1', first.ARN]) {
      const got = await sm().send(new GetSecretValueCommand({ SecretId }));
      expect(got).toMatchObject({ Name: 'rcv-1', SecretString: '{"password":"x"}', VersionStages: ['AWSCURRENT'] });
      expect(got.CreatedDate).toBeInstanceOf(Date);
    }
    const described = await sm().send(new DescribeSecretCommand({ SecretId: 'rcv-1' }));
    expect(described).toMatchObject({
      Tags: [{ Key: 'drill', Value: '1' }],
      VersionIdsToStages: { [token]: ['AWSCURRENT'] },
    });
    expect(JSON.stringify(described)).not.toContain('password');
  });

  test('binary secrets and hostile texts come back as they were', async () => {
    await create('binary', undefined, { SecretString: undefined, SecretBinary: Buffer.from([0, 255, 10]) });
    const binary = await sm().send(new GetSecretValueCommand({ SecretId: 'binary' }));
    expect([...binary.SecretBinary!]).toEqual([0, 255, 10]);
    const text = `"'<&>\u0000\u2028 💾 \\ {"__proto__":1}`;
    await create('text', text);
    expect((await sm().send(new GetSecretValueCommand({ SecretId: 'text' }))).SecretString).toBe(text);
  });

  test('a forced deletion is at once and may be repeated; an ordinary one waits and blocks the name', async () => {
    const remove = (SecretId: string, more = {}) => sm().send(new DeleteSecretCommand({ SecretId, ...more }));
    await create('rcv-2');
    await remove('rcv-2', { ForceDeleteWithoutRecovery: true });
    await remove('rcv-2', { ForceDeleteWithoutRecovery: true });
    expect((await rejection(sm().send(new GetSecretValueCommand({ SecretId: 'rcv-2' })))).name).toBe(
      'ResourceNotFoundException',
    );
    expect((await rejection(remove('rcv-2'))).name).toBe('ResourceNotFoundException');
    await create('rcv-3');
    const { DeletionDate } = await remove('rcv-3', { RecoveryWindowInDays: 7 });
    expect(DeletionDate!.getTime() - Date.now()).toBeGreaterThan(6 * 86_400_000);
    expect((await rejection(create('rcv-3'))).name).toBe('InvalidRequestException');
    expect((await rejection(sm().send(new GetSecretValueCommand({ SecretId: 'rcv-3' })))).name).toBe(
      'InvalidRequestException',
    );
    const both = remove('rcv-3', { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true });
    expect((await rejection(both)).name).toBe('InvalidParameterException');
    expect((await rejection(remove('rcv-3', { RecoveryWindowInDays: 3 }))).name).toBe('InvalidParameterException');
  });

  test('lists by name prefix and tag key, in pages, without values', async () => {
    for (const i of [1, 2, 3])
      await create(`list-${i}`, 'hidden', { Tags: i > 1 ? [{ Key: 'drill', Value: `${i}` }] : undefined });
    const list = (Filters: object[], more = {}) =>
      sm().send(new ListSecretsCommand({ Filters: Filters as [], ...more }));
    const byName = [{ Key: 'name', Values: ['list-'] }];
    const first = await list(byName, { MaxResults: 2 });
    expect(first.SecretList!.map((one) => one.Name)).toEqual(['list-1', 'list-2']);
    const second = await list(byName, { MaxResults: 2, NextToken: first.NextToken });
    expect(second.SecretList!.map((one) => one.Name)).toEqual(['list-3']);
    expect(second.NextToken).toBeUndefined();
    const tagged = await list([...byName, { Key: 'tag-key', Values: ['drill'] }]);
    expect(tagged.SecretList!.map((one) => one.Name)).toEqual(['list-2', 'list-3']);
    expect(JSON.stringify(tagged)).not.toContain('hidden');
    expect((await rejection(list([{ Key: 'description', Values: ['x'] }]))).name).toBe('NotRehearsed');
    expect((await rejection(list(byName, { NextToken: 'x' }))).name).toBe('InvalidNextTokenException');
  });

  test.each(['', 'a b', 'semi;colon', 'ü', 'x'.repeat(513)])('refuses the name %j', async (name) => {
    expect(['InvalidParameterException', 'ValidationException']).toContain((await rejection(create(name))).name);
  });

  test('a role is held to its prefix, tags included', async () => {
    const drill = client(SecretsManagerClient, 'AKIADRILL');
    await drill.send(
      new CreateSecretCommand({ Name: 'rcv-site-1', SecretString: 'x', Tags: [{ Key: 'a', Value: 'b' }] }),
    );
    const error = await rejection(drill.send(new GetSecretValueCommand({ SecretId: 'rcv-1' })));
    expect(error.name).toBe('AccessDeniedException');
    expect(error.message).toMatch(
      /^User: arn:aws:sts::111122223333:assumed-role\/drill\/rehearsal is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:.*:secret:rcv-1-\w{6} because no identity-based policy allows the secretsmanager:GetSecretValue action$/,
    );
    const last = aws.calls.filter((call) => call.operation === 'CreateSecret').at(-1)!;
    expect(last).toMatchObject({ allowed: true, principal: `arn:aws:iam::${account}:role/drill` });
    expect(last.authorizations.map((one) => one.action)).toEqual([
      'secretsmanager:CreateSecret',
      'secretsmanager:TagResource',
    ]);
  });
});

describe('SNS', () => {
  const publish = (more = {}, accessKeyId?: string) =>
    client(SNSClient, accessKeyId).send(
      new PublishCommand({ TopicArn: topic, Subject: 'Drill failed', Message: 'zwei\nZeilen <ä>', ...more }),
    );

  test('keeps what was published', async () => {
    const { MessageId } = await publish({
      MessageAttributes: { severity: { DataType: 'String', StringValue: 'page' } },
    });
    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(sns.published.at(-1)).toEqual({
      topic,
      subject: 'Drill failed',
      message: 'zwei\nZeilen <ä>',
      attributes: { severity: 'page' },
    });
  });

  const refusals: [string, object, string][] = [
    ['a subject with a line break', { Subject: 'a\nb' }, 'InvalidParameterException'],
    ['a subject that is not ASCII', { Subject: 'Übung' }, 'InvalidParameterException'],
    ['a subject above 100 characters', { Subject: 'x'.repeat(101) }, 'InvalidParameterException'],
    ['a message above 256 KiB', { Message: 'ä'.repeat(131_073) }, 'InvalidParameterException'],
    ['an empty message', { Message: '' }, 'InvalidParameterException'],
    [
      'a structure without default',
      { MessageStructure: 'json', Message: '{"email":"x"}' },
      'InvalidParameterException',
    ],
    ['a structure that is no JSON', { MessageStructure: 'json', Message: 'x' }, 'InvalidParameterException'],
    ['an unknown topic', { TopicArn: `${topic}-gone` }, 'NotFoundException'],
  ];
  test.each(refusals)('refuses %s', async (_, more, name) => {
    expect((await rejection(publish(more))).name).toBe(name);
  });

  test('an encrypted topic needs its key as well', async () => {
    const error = await rejection(publish({ TopicArn: locked }, 'AKIADRILL'));
    expect(error).toMatchObject({ name: 'KMSAccessDeniedException' });
    expect(error.message).toContain('kms:GenerateDataKey');
    await publish({ TopicArn: locked });
  });
});

describe('Scheduler', () => {
  const get = (Name: string, GroupName?: string) =>
    client(SchedulerClient).send(new GetScheduleCommand({ Name, GroupName }));

  test('shows a schedule of a group with its input', async () => {
    const schedule = await get('weekly', 'site');
    expect(schedule).toMatchObject({
      Name: 'weekly',
      GroupName: 'site',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
    });
    expect(JSON.parse(schedule.Target!.Input!)).toEqual({ schedule: 'wéékly' });
  });

  test('not in the default group, not without right, nothing else', async () => {
    expect((await rejection(get('weekly'))).name).toBe('ResourceNotFoundException');
    const drill = client(SchedulerClient, 'AKIADRILL');
    const denied = await rejection(drill.send(new GetScheduleCommand({ Name: 'weekly', GroupName: 'site' })));
    expect(denied.name).toBe('AccessDeniedException');
    expect(denied.message).toContain(`on resource: arn:aws:scheduler:${region}:${account}:schedule/site/weekly`);
    const create = new CreateScheduleCommand({
      Name: 'x',
      ScheduleExpression: 'rate(1 day)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: machine, RoleArn: machine },
    });
    expect((await rejection(client(SchedulerClient).send(create))).name).toBe('NotRehearsed');
  });
});

describe('Step Functions', () => {
  test('shows executions as their runner keeps them, newest first', async () => {
    const arn = (name: string) => `arn:aws:states:${region}:${account}:execution:drill:${name}`;
    for (const name of ['one', 'two', 'three']) {
      states.executions.push({
        arn: arn(name),
        stateMachineArn: machine,
        name,
        status: 'RUNNING',
        startedAt: new Date(),
      });
    }
    states.executions[0].status = 'FAILED';
    states.executions[0].stoppedAt = new Date();
    const sfn = client(SFNClient);
    const described = await sfn.send(new DescribeExecutionCommand({ executionArn: arn('one') }));
    expect(described).toMatchObject({ status: 'FAILED', name: 'one' });
    expect(described.startDate).toBeInstanceOf(Date);
    const running = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: machine, statusFilter: 'RUNNING', maxResults: 1 }),
    );
    expect(running.executions!.map((one) => one.name)).toEqual(['three']);
    const next = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: machine, statusFilter: 'RUNNING', nextToken: running.nextToken }),
    );
    expect(next.executions!.map((one) => one.name)).toEqual(['two']);
    expect((await rejection(sfn.send(new DescribeExecutionCommand({ executionArn: arn('none') })))).name).toBe(
      'ExecutionDoesNotExist',
    );
    expect((await rejection(sfn.send(new DescribeExecutionCommand({ executionArn: 'x' })))).name).toBe('InvalidArn');
    const unknown = sfn.send(new ListExecutionsCommand({ stateMachineArn: `${machine}-not` }));
    expect((await rejection(unknown)).name).toBe('StateMachineDoesNotExist');
    expect((await rejection(sfn.send(new StartExecutionCommand({ stateMachineArn: machine })))).name).toBe(
      'NotRehearsed',
    );
  });
});

describe('Lambda', () => {
  const invoke = (FunctionName: string, more = {}, accessKeyId?: string) =>
    client(LambdaClient, accessKeyId).send(
      new InvokeCommand({ FunctionName, Payload: Buffer.from('{"ä":1}'), ...more }),
    );
  const text = (payload?: Uint8Array) => Buffer.from(payload ?? []).toString('utf8');

  test('invokes a version, however it is named', async () => {
    for (const [name, more] of [
      [`${query}:7`, {}],
      ['query:7', {}],
      ['query', { Qualifier: '7' }],
    ] as const) {
      const answer = await invoke(name, more);
      expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '7' });
      expect(answer.FunctionError).toBeUndefined();
      expect(JSON.parse(text(answer.Payload))).toEqual({ heard: { ä: 1 } });
      expect(invoked.at(-1)).toEqual([`${query}:7`, '{"ä":1}']);
    }
  });

  test('a function that throws is an answer, not an error', async () => {
    const answer = await invoke(`${query}:8`);
    expect(answer.FunctionError).toBe('Unhandled');
    expect(JSON.parse(text(answer.Payload))).toMatchObject({ errorType: 'CannotConnect' });
  });

  test('answers and requests above 6 MB are cut off', async () => {
    const answer = await invoke(`${query}:9`);
    expect(JSON.parse(text(answer.Payload)).errorType).toBe('Function.ResponseSizeTooLarge');
    const large = invoke(`${query}:7`, { Payload: Buffer.from(JSON.stringify('x'.repeat(6 * 1024 * 1024))) });
    expect((await rejection(large)).name).toBe('RequestTooLargeException');
  });

  test('refuses what is missing, malformed, asynchronous or another version than granted', async () => {
    expect((await rejection(invoke(`${query}:10`))).name).toBe('ResourceNotFoundException');
    expect((await rejection(invoke('query:7', { Payload: Buffer.from('{') }))).name).toBe(
      'InvalidRequestContentException',
    );
    expect((await rejection(invoke('query:7', { InvocationType: 'Event' }))).name).toBe('NotRehearsed');
    expect((await rejection(invoke('a b'))).name).toBe('InvalidParameterValueException');
    const denied = await rejection(invoke(`${query}:8`, {}, 'AKIADRILL'));
    expect(denied.name).toBe('AccessDeniedException');
    expect(denied.message).toContain(`lambda:InvokeFunction on resource: ${query}:8 because`);
    await invoke(`${query}:7`, {}, 'AKIADRILL');
  });
});
