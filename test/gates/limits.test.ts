import { RULES } from './limits';
import { templates, type Template } from './stacks';

describe.each(Object.keys(RULES))('%s', (rule) => {
  test.each(templates().map(({ name, template }) => [name, template] as const))('%s', (_, template) => {
    expect(RULES[rule](template)).toEqual([]);
  });
});

const one = (Type: string, Properties: Record<string, unknown>): Template => ({
  Resources: { It: { Type, Properties } },
});
const instance = (properties: object) => one('AWS::RDS::DBInstance', { ...properties });
const vault = (LockConfiguration: object) => one('AWS::Backup::BackupVault', { LockConfiguration });
const alarm = (properties: object) => one('AWS::CloudWatch::Alarm', { EvaluationPeriods: 1, ...properties });
const GOOD = {
  RuleName: 'daily',
  StartWindowMinutes: 60,
  CompletionWindowMinutes: 120,
  Lifecycle: { DeleteAfterDays: 30 },
};
const plan = (...rules: object[]) => one('AWS::Backup::BackupPlan', { BackupPlan: { BackupPlanRule: rules } });
const statements = (count: number) => ({
  Statement: Array.from({ length: count }, (_, index) => ({ Action: 'rds:CreateDBSnapshot', Resource: `x${index}` })),
});
const group = (Family: string, properties: object): Template => ({
  Resources: {
    Group: { Type: 'AWS::RDS::DBParameterGroup', Properties: { Family } },
    It: { Type: 'AWS::RDS::DBInstance', Properties: { DBParameterGroupName: { Ref: 'Group' }, ...properties } },
  },
});

/** Each rule, with a template that it must refuse: a gate that nothing fails is none. */
const REFUSED: [string, Template, RegExp][] = [
  ['retention range', instance({ BackupRetentionPeriod: 36 }), /BackupRetentionPeriod of 36/],
  ['retention range', instance({ AutomaticBackupReplicationRetentionPeriod: 0 }), /of 0 is not from 1/],
  ['retention range', one('AWS::RDS::DBCluster', { BackupRetentionPeriod: 0 }), /of 0 is not from 1/],
  ['retention range', plan({ ...GOOD, EnableContinuousBackup: true, Lifecycle: { DeleteAfterDays: 36 } }), /of 36/],
  ['retention range', plan({ ...GOOD, Lifecycle: undefined }), /kept for ever/],
  ['retention range', plan({ ...GOOD, CopyActions: [{ Lifecycle: { DeleteAfterDays: 40_000 } }] }), /of 40000/],
  [
    'retention range',
    plan({ ...GOOD, Lifecycle: { MoveToColdStorageAfterDays: 30, DeleteAfterDays: 100 } }),
    /of 100 is not from 120/,
  ],
  ['vault lock', vault({ MinRetentionDays: 0 }), /MinRetentionDays of 0/],
  ['vault lock', vault({ MinRetentionDays: 30, MaxRetentionDays: 20 }), /MaxRetentionDays of 20/],
  ['vault lock', vault({ MinRetentionDays: 30, ChangeableForDays: 2 }), /ChangeableForDays of 2/],
  [
    'vault lock',
    {
      Resources: {
        ...vault({ MinRetentionDays: 60 }).Resources,
        Plan: plan({ ...GOOD, TargetBackupVault: { Ref: 'It' } }).Resources.It,
      },
    },
    /locked vault of 30/,
  ],
  ['six-field cron', one('AWS::Scheduler::Schedule', { ScheduleExpression: 'cron(0 5 * * *)' }), /not six fields/],
  ['six-field cron', one('AWS::Scheduler::Schedule', { ScheduleExpression: 'cron(0 5 1 * 1 *)' }), /with one \?/],
  ['alarm periods', alarm({ Period: 86_400, EvaluationPeriods: 8 }), /of 691200/],
  ['alarm periods', alarm({ Period: 60, EvaluationPeriods: 1_441 }), /of 86460/],
  ['alarm periods', alarm({ Period: 90 }), /period of 90/],
  ['alarm periods', alarm({ Metrics: [{ MetricStat: { Period: 90 } }] }), /period of 90/],
  ['alarm periods', alarm({ AlarmActions: Array(6).fill('x') }), /AlarmActions of 6/],
  ['backup plans', plan(...Array<object>(11).fill(GOOD)), /rules of 11/],
  ['backup plans', plan({ ...GOOD, CopyActions: Array(6).fill({}) }), /copy actions of 6/],
  ['backup plans', plan({ ...GOOD, StartWindowMinutes: 59 }), /StartWindowMinutes of 59/],
  ['backup plans', plan({ ...GOOD, CompletionWindowMinutes: 119 }), /CompletionWindowMinutes of 119/],
  ['backup plans', plan({ ...GOOD, RuleName: 'a b' }), /named a b/],
  [
    'backup plans',
    one('AWS::Backup::BackupSelection', { BackupSelection: { Resources: Array(501).fill('x') } }),
    /selected resources of 501/,
  ],
  ['policy sizes', one('AWS::IAM::ManagedPolicy', { PolicyDocument: statements(200) }), /PolicyDocument of/],
  ['policy sizes', one('AWS::IAM::Policy', { Roles: ['r'], PolicyDocument: statements(300) }), /inline policies of r/],
  [
    'policy sizes',
    {
      Resources: Object.fromEntries(
        Array.from({ length: 11 }, (_, index) => [
          `P${index}`,
          one('AWS::IAM::ManagedPolicy', { Roles: ['r'] }).Resources.It,
        ]),
      ),
    },
    /managed policies of r/,
  ],
  ['parameter group families', group('postgres16', { Engine: 'postgres', EngineVersion: '18.3' }), /postgres16 for/],
  ['parameter group families', group('mysql8.0', { Engine: 'mysql', EngineVersion: '8.4.7' }), /mysql8.0 for mysql8.4/],
];

test.each(REFUSED)('%s refuses %#', (rule, template, words) => {
  expect(RULES[rule](template).join('\n')).toMatch(words);
});

test('every rule refuses something, and what is right passes', () => {
  expect(new Set(REFUSED.map(([rule]) => rule))).toEqual(new Set(Object.keys(RULES)));
  const right = [plan(GOOD), group('postgres18', { Engine: 'postgres', EngineVersion: '18.3' }), alarm({ Period: 60 })];
  expect(right.flatMap((template) => Object.values(RULES).flatMap((rule) => rule(template)))).toEqual([]);
});
