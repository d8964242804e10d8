import { runSimulation } from '@cloud-copilot/iam-simulate';
import fc from 'fast-check';
import {
  createAuthorize,
  PolicyNotUnderstood,
  sessionArn,
  type Context,
  type PolicyDocument,
  type Statement,
} from '../../../rehearsal/aws';
import { account, keyArn, region, role } from './support';

const arn = (rest: string) => `arn:aws:rds:${region}:${account}:${rest}`;
const drillDb = arn('db:rcv-acme-1a2b-0001');
const source = arn('db:orders');

interface Case {
  readonly policies: readonly PolicyDocument[];
  readonly resourcePolicy?: PolicyDocument;
  readonly boundary?: PolicyDocument;
  readonly action: string;
  readonly resource: string;
  readonly context?: Context;
}

function ours({ policies, resourcePolicy, boundary, action, resource, context }: Case): boolean {
  const owner = resource.startsWith('arn:aws:s3') ? resource.split('/')[0] : resource;
  const resourcePolicies = resourcePolicy ? { [owner]: resourcePolicy } : {};
  const authorize = createAuthorize({ region, resourcePolicies });
  return authorize({ ...role('drill', ...policies), boundary }, { action, resource, context }).allowed;
}

const all = (name: string) => ({
  orgIdentifier: name,
  policies: [{ name, policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } }],
});

/** The same question, put to an evaluator that we did not write. */
async function theirs(one: Case): Promise<boolean> {
  const context = Object.entries(one.context ?? {}).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : [...value],
  ]);
  const result = await runSimulation(
    {
      request: {
        principal: sessionArn(role('drill')),
        action: one.action,
        resource: { resource: one.resource, accountId: account },
        contextVariables: { 'aws:PrincipalArn': role('drill').arn, ...Object.fromEntries(context) },
      },
      identityPolicies: one.policies.map((policy, i) => ({ name: `p${i}`, policy })),
      serviceControlPolicies: [all('scp')],
      resourceControlPolicies: [],
      resourcePolicy: one.resourcePolicy,
      permissionBoundaryPolicies: one.boundary && [{ name: 'boundary', policy: one.boundary }],
    },
    {},
  );
  if (result.resultType !== 'single') {
    throw new Error(`the simulator could not decide: ${JSON.stringify(result)}`);
  }
  return result.overallResult === 'Allowed';
}

const document = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const allow = (
  Action: string | string[],
  Resource: string | string[],
  Condition?: Statement['Condition'],
): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});

const restorer = document(
  allow('rds:RestoreDBInstanceToPointInTime', [
    source,
    arn('db:rcv-acme-1a2b-*'),
    arn('subgrp:drill'),
    arn('pg:default*'),
    arn('og:default*'),
  ]),
  allow('rds:AddTagsToResource', arn('db:rcv-acme-1a2b-*'), {
    StringLike: { 'aws:RequestTag/drill': '*' },
    'ForAllValues:StringEquals': { 'aws:TagKeys': ['drill', 'site'] },
  }),
  {
    Effect: 'Deny',
    Action: ['rds:Delete*', 'rds:Modify*', 'rds:AddTagsToResource'],
    NotResource: [arn('db:rcv-acme-1a2b-*'), arn('subgrp:drill')],
  },
);
const grant = document(
  allow(['kms:CreateGrant', 'kms:DescribeKey'], keyArn, {
    StringEquals: { 'kms:ViaService': `rds.${region}.amazonaws.com` },
    BoolIfExists: { 'kms:GrantIsForAWSResource': 'true' },
  }),
);
const viaRds = { 'kms:ViaService': `rds.${region}.amazonaws.com` };
const bucketPolicy = document(
  {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::evidence/*',
    Condition: { Null: { 's3:if-none-match': 'true' } },
  },
  {
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: 's3:*',
    Resource: 'arn:aws:s3:::evidence/*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  },
  {
    Effect: 'Allow',
    Principal: { AWS: role('drill').arn },
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::evidence/open/*',
  },
);
const writer = document(allow('s3:PutObject', 'arn:aws:s3:::evidence/chain/*'));
const keyPolicy = (AWS: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'kms:*', Resource: '*' }],
});
const decrypt = document(allow('kms:Decrypt', keyArn));
const object = (key: string) => `arn:aws:s3:::evidence/${key}`;
const pitr = 'rds:RestoreDBInstanceToPointInTime';
const tls = { 'aws:SecureTransport': 'true' };

const cases: [string, boolean, Case][] = [
  ['restore of the source', true, { policies: [restorer], action: pitr, resource: source }],
  ['restore to the prefix', true, { policies: [restorer], action: pitr, resource: drillDb }],
  ['restore over another database', false, { policies: [restorer], action: pitr, resource: arn('db:payments') }],
  ['default groups', true, { policies: [restorer], action: pitr, resource: arn('pg:default.postgres18') }],
  [
    'default option group with its colon',
    true,
    { policies: [restorer], action: pitr, resource: arn('og:default:postgres-18') },
  ],
  [
    'tags on the copy',
    true,
    {
      policies: [restorer],
      action: 'rds:AddTagsToResource',
      resource: drillDb,
      context: { 'aws:RequestTag/drill': '1', 'aws:TagKeys': ['drill', 'site'] },
    },
  ],
  [
    'a tag too many',
    false,
    {
      policies: [restorer],
      action: 'rds:AddTagsToResource',
      resource: drillDb,
      context: { 'aws:RequestTag/drill': '1', 'aws:TagKeys': ['drill', 'team'] },
    },
  ],
  [
    'tags without the drill',
    false,
    { policies: [restorer], action: 'rds:AddTagsToResource', resource: drillDb, context: { 'aws:TagKeys': ['site'] } },
  ],
  [
    'tags on production',
    false,
    {
      policies: [restorer, document(allow('rds:*', '*'))],
      action: 'rds:AddTagsToResource',
      resource: source,
      context: { 'aws:RequestTag/drill': '1', 'aws:TagKeys': ['drill'] },
    },
  ],
  [
    'deletion outside the prefix, allowed elsewhere',
    false,
    { policies: [restorer, document(allow('*', '*'))], action: 'rds:DeleteDBInstance', resource: source },
  ],
  [
    'deletion inside the prefix, allowed elsewhere',
    true,
    { policies: [restorer, document(allow('*', '*'))], action: 'rds:DeleteDBInstance', resource: drillDb },
  ],
  [
    'actions are compared without case',
    true,
    { policies: [document(allow('RDS:deletedbinstance', drillDb))], action: 'rds:DeleteDBInstance', resource: drillDb },
  ],
  [
    'resources with case',
    false,
    {
      policies: [document(allow('rds:DeleteDBInstance', drillDb.toUpperCase().replace('ARN:AWS:RDS', 'arn:aws:rds')))],
      action: 'rds:DeleteDBInstance',
      resource: drillDb,
    },
  ],
  [
    'a question mark is one character',
    true,
    {
      policies: [document(allow('rds:DeleteDBInstance', arn('db:rcv-acme-1a2b-????')))],
      action: 'rds:DeleteDBInstance',
      resource: drillDb,
    },
  ],
  [
    'and not none',
    false,
    {
      policies: [document(allow('rds:DeleteDBInstance', arn('db:rcv-acme-1a2b-?????')))],
      action: 'rds:DeleteDBInstance',
      resource: drillDb,
    },
  ],
  [
    'another account',
    false,
    {
      policies: [document(allow('rds:DeleteDBInstance', `arn:aws:rds:${region}:999999999999:db:*`))],
      action: 'rds:DeleteDBInstance',
      resource: drillDb,
    },
  ],
  [
    'NotAction',
    true,
    {
      policies: [document({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' })],
      action: 'rds:DeleteDBInstance',
      resource: drillDb,
    },
  ],
  [
    'NotAction of the action',
    false,
    {
      policies: [document({ Effect: 'Allow', NotAction: 'rds:*', Resource: '*' })],
      action: 'rds:DeleteDBInstance',
      resource: drillDb,
    },
  ],
  [
    'the key through RDS',
    true,
    {
      policies: [grant],
      resourcePolicy: keyPolicy(`arn:aws:iam::${account}:root`),
      action: 'kms:DescribeKey',
      resource: keyArn,
      context: viaRds,
    },
  ],
  [
    'a grant for RDS',
    true,
    {
      policies: [grant],
      resourcePolicy: keyPolicy(`arn:aws:iam::${account}:root`),
      action: 'kms:CreateGrant',
      resource: keyArn,
      context: { ...viaRds, 'kms:GrantIsForAWSResource': 'true' },
    },
  ],
  [
    'a grant for oneself',
    false,
    {
      policies: [grant],
      resourcePolicy: keyPolicy(`arn:aws:iam::${account}:root`),
      action: 'kms:CreateGrant',
      resource: keyArn,
      context: { ...viaRds, 'kms:GrantIsForAWSResource': 'false' },
    },
  ],
  [
    'the key by hand',
    false,
    {
      policies: [grant],
      resourcePolicy: keyPolicy(`arn:aws:iam::${account}:root`),
      action: 'kms:DescribeKey',
      resource: keyArn,
    },
  ],
  [
    'a conditional write',
    true,
    {
      policies: [writer],
      resourcePolicy: bucketPolicy,
      action: 's3:PutObject',
      resource: object('chain/1'),
      context: { ...tls, 's3:if-none-match': '*' },
    },
  ],
  [
    'an unconditional write',
    false,
    {
      policies: [writer],
      resourcePolicy: bucketPolicy,
      action: 's3:PutObject',
      resource: object('chain/1'),
      context: tls,
    },
  ],
  [
    'a write without TLS',
    false,
    {
      policies: [writer],
      resourcePolicy: bucketPolicy,
      action: 's3:PutObject',
      resource: object('chain/1'),
      context: { 's3:if-none-match': '*', 'aws:SecureTransport': 'false' },
    },
  ],
  [
    'a read that the bucket alone allows',
    true,
    {
      policies: [writer],
      resourcePolicy: bucketPolicy,
      action: 's3:GetObject',
      resource: object('open/1'),
      context: tls,
    },
  ],
  [
    'a read that nothing allows',
    false,
    {
      policies: [writer],
      resourcePolicy: bucketPolicy,
      action: 's3:GetObject',
      resource: object('closed/1'),
      context: tls,
    },
  ],
  [
    'a key that trusts the account',
    true,
    {
      policies: [decrypt],
      resourcePolicy: keyPolicy(`arn:aws:iam::${account}:root`),
      action: 'kms:Decrypt',
      resource: keyArn,
    },
  ],
  [
    'a key that trusts the account, a role that may not',
    false,
    {
      policies: [],
      resourcePolicy: keyPolicy(`arn:aws:iam::${account}:root`),
      action: 'kms:Decrypt',
      resource: keyArn,
    },
  ],
  [
    'a key that trusts another role',
    false,
    {
      policies: [decrypt],
      resourcePolicy: keyPolicy(`arn:aws:iam::${account}:role/other`),
      action: 'kms:Decrypt',
      resource: keyArn,
    },
  ],
  [
    'a key that trusts this role',
    true,
    { policies: [], resourcePolicy: keyPolicy(role('drill').arn), action: 'kms:Decrypt', resource: keyArn },
  ],
  [
    'a boundary that allows',
    true,
    {
      policies: [decrypt],
      boundary: document(allow('kms:*', '*')),
      resourcePolicy: keyPolicy(`arn:aws:iam::${account}:root`),
      action: 'kms:Decrypt',
      resource: keyArn,
    },
  ],
  [
    'a boundary that does not',
    false,
    {
      policies: [decrypt],
      boundary: document(allow('s3:*', '*')),
      resourcePolicy: keyPolicy(`arn:aws:iam::${account}:root`),
      action: 'kms:Decrypt',
      resource: keyArn,
    },
  ],
  ['no policy at all', false, { policies: [], action: 'rds:DescribeDBInstances', resource: drillDb }],
  [
    'describing all with all',
    true,
    { policies: [document(allow('rds:Describe*', '*'))], action: 'rds:DescribeAccountAttributes', resource: '*' },
  ],
  [
    'a condition on a tag of the resource',
    true,
    {
      policies: [document(allow('rds:DeleteDBInstance', '*', { StringEquals: { 'aws:ResourceTag/drill': '1' } }))],
      action: 'rds:DeleteDBInstance',
      resource: drillDb,
      context: { 'aws:ResourceTag/drill': '1' },
    },
  ],
  [
    'keys are compared without case',
    true,
    {
      policies: [document(allow('rds:DeleteDBInstance', '*', { StringEquals: { 'AWS:resourcetag/drill': '1' } }))],
      action: 'rds:DeleteDBInstance',
      resource: drillDb,
      context: { 'aws:ResourceTag/drill': '1' },
    },
  ],
];

test.each(cases)('%s: %s, here and in the simulator', async (_, allowed, one) => {
  expect(ours(one)).toBe(allowed);
  expect(await theirs(one)).toBe(allowed);
});

/** Conditions over keys that are there, absent and many-valued. */
const context: Context = {
  'aws:ResourceTag/drill': '1',
  'aws:RequestTag/team': 'Payments',
  'aws:TagKeys': ['team', 'drill'],
  'rds:ManageMasterUserPassword': 'true',
  'aws:SourceArn': `arn:aws:lambda:${region}:${account}:function:restore`,
};
const single = ['aws:ResourceTag/drill', 'aws:RequestTag/team', 'aws:ResourceTag/absent'];
const texts = ['1', 'Payments', 'payments', 'Pay*', 'P?yments', '*', 'drill', 'team', 'x'];
const operators = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
];
const arns = [
  '*',
  `arn:aws:lambda:${region}:${account}:function:*`,
  `arn:aws:lambda:*:*:function:restore`,
  `arn:aws:lambda:${region}:${account}:function:other`,
  'arn:*',
];
const values = (of: string[]) => fc.subarray(of, { minLength: 1, maxLength: 3 });
const textCondition = fc
  .tuple(fc.constantFrom(...operators), fc.constantFrom('', 'IfExists'), fc.constantFrom(...single), values(texts))
  .map(([operator, exists, key, wanted]) => ({ [operator + exists]: { [key]: wanted } }));
const manyCondition = fc
  .tuple(fc.constantFrom('ForAllValues:', 'ForAnyValue:'), fc.constantFrom(...operators), values(texts))
  .map(([quantifier, operator, wanted]) => ({ [quantifier + operator]: { 'aws:TagKeys': wanted } }));
const arnCondition = fc
  .tuple(
    fc.constantFrom('ArnLike', 'ArnEquals', 'ArnNotLike', 'ArnNotEquals', 'ArnLikeIfExists'),
    values(arns.slice(1, 4)),
  )
  .map(([operator, wanted]) => ({ [operator]: { 'aws:SourceArn': wanted } }));
const otherCondition = fc.oneof(
  fc.tuple(fc.constantFrom(...single), fc.boolean()).map(([key, absent]) => ({ Null: { [key]: String(absent) } })),
  fc.boolean().map((value) => ({ Bool: { 'rds:ManageMasterUserPassword': String(value) } })),
);
const resources = [
  '*',
  arn('db:*'),
  arn('db:rcv-*'),
  drillDb,
  arn('db:orders'),
  arn('*'),
  `arn:aws:rds:*:*:db:rcv-acme-????-*`,
  'arn:aws:rds:*',
];
const statement = fc
  .record({
    Effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
    action: fc.tuple(
      fc.constantFrom('Action', 'Action', 'NotAction'),
      values(['rds:*', 'rds:Modify*', 'rds:ModifyDBInstance', 's3:*', '*', 'rds:DeleteDB?nstance']),
    ),
    resource: fc.tuple(fc.constantFrom('Resource', 'Resource', 'NotResource'), values(resources.slice(0, 7))),
    condition: fc.option(fc.oneof(textCondition, manyCondition, arnCondition, otherCondition), {
      nil: undefined,
      freq: 5,
    }),
  })
  .map(({ Effect, action, resource, condition }) => ({
    Effect,
    [action[0]]: action[1],
    [resource[0]]: resource[1],
    ...(condition && { Condition: condition }),
  })) as fc.Arbitrary<Statement>;

test('any policy of these elements is judged alike here and in the simulator', async () => {
  const seen = { allowed: 0, denied: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(statement, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(drillDb, source),
      async (statements, resource) => {
        const one = { policies: [document(...statements)], action: 'rds:ModifyDBInstance', resource, context };
        const answer = ours(one);
        seen[answer ? 'allowed' : 'denied']++;
        expect({ allowed: answer, statements }).toEqual({ allowed: await theirs(one), statements });
      },
    ),
    { numRuns: 400 },
  );
  expect(Math.min(seen.allowed, seen.denied)).toBeGreaterThan(40);
});

describe('what is not understood is never allowed', () => {
  const odd: [string, object][] = [
    ['an unknown operator', allow('*', '*', { NumericLessThan: { 'aws:x': '1' } })],
    [
      'an unknown operator in a statement about something else',
      allow('s3:*', '*', { DateLessThan: { 'aws:CurrentTime': '2026' } }),
    ],
    ['a quantified Null', allow('*', '*', { 'ForAllValues:Null': { 'aws:TagKeys': 'true' } })],
    ['an operator in another case', allow('*', '*', { stringequals: { 'aws:x': '1' } })],
    ['a policy variable', allow('*', `${arn('db:')}\${aws:PrincipalTag/team}`)],
    ['an unresolved intrinsic', allow('*', { 'Fn::GetAtt': ['Db', 'Arn'] } as unknown as string)],
    ['an unknown element', { ...allow('*', '*'), Ressource: 'x' }],
    ['neither Action nor NotAction', { Effect: 'Allow', Resource: '*' }],
    ['both Resource and NotResource', { ...allow('*', '*'), NotResource: 'x' }],
    ['another effect', { ...allow('*', '*'), Effect: 'allow' }],
    ['a resource that is no ARN', allow('*', 'orders')],
    ['a resource of too few parts', allow('*', 'arn:aws:rds:*')],
  ];
  test.each(odd)('%s', (_, statement) => {
    const one = {
      policies: [{ Statement: statement as Statement }],
      action: 'rds:DeleteDBInstance',
      resource: drillDb,
    };
    expect(() => ours(one)).toThrow(PolicyNotUnderstood);
  });

  test('a many-valued key without quantifier', () => {
    const one = {
      policies: [document(allow('*', '*', { StringEquals: { 'aws:TagKeys': 'x' } }))],
      action: 'rds:DeleteDBInstance',
      resource: drillDb,
    };
    expect(() => ours({ ...one, context: { 'aws:TagKeys': ['x', 'y'] } })).toThrow(
      'needs ForAllValues: or ForAnyValue:',
    );
  });

  test('a principal of another kind in a resource policy', () => {
    const resourcePolicy = document({ ...allow('s3:*', '*'), Principal: { Federated: '*' } });
    expect(() => ours({ policies: [], resourcePolicy, action: 's3:GetObject', resource: object('x') })).toThrow(
      PolicyNotUnderstood,
    );
  });
});

test('the rds:* of an unbounded wildcard reaches no other service', () => {
  expect(ours({ policies: [document(allow('rds:*', '*'))], action: 's3:GetObject', resource: object('x') })).toBe(
    false,
  );
});
