import { flatten } from '../lib/support';
import type { Template } from './stacks';

/** A resource of a template; what a rule says of it is a sentence for each thing that AWS would refuse or ignore. */
interface Located {
  readonly id: string;
  readonly properties: Record<string, unknown>;
}

type Rule = (template: Template) => string[];

/** What validators miss: limits that AWS checks at deployment, or that nobody checks until a backup is missing. */
export const RULES: Record<string, Rule> = {
  'retention range': (template) => [
    ...each(template, 'AWS::RDS::DBInstance', ({ BackupRetentionPeriod: days, ...more }) => [
      ...outside('BackupRetentionPeriod', days, 0, 35),
      ...outside('AutomaticBackupReplicationRetentionPeriod', more.AutomaticBackupReplicationRetentionPeriod, 1, 35),
    ]),
    ...each(template, 'AWS::RDS::DBCluster', ({ BackupRetentionPeriod: days }) =>
      outside('BackupRetentionPeriod', days, 1, 35),
    ),
    ...eachRule(template, (rule) => [
      ...lifecycle(rule.Lifecycle, rule.EnableContinuousBackup === true ? 35 : 36_500),
      ...list<Copy>(rule.CopyActions).flatMap((copy) => lifecycle(copy.Lifecycle, 36_500)),
    ]),
  ],

  'vault lock': (template) => {
    const problems = each(template, 'AWS::Backup::BackupVault', ({ LockConfiguration: lock }) => {
      if (lock === undefined) return [];
      const { MinRetentionDays: least, MaxRetentionDays: most, ChangeableForDays: grace } = lock as Lock;
      return [
        ...outside('MinRetentionDays', least, 1, most ?? 36_500),
        ...outside('MaxRetentionDays', most, least, 36_500),
        ...outside('ChangeableForDays', grace, 3, 36_500),
      ];
    });
    const locks = new Map(
      resources(template, 'AWS::Backup::BackupVault').map(({ id, properties }) => [id, properties.LockConfiguration]),
    );
    const refused = eachRule(template, (rule) => {
      const lock = locks.get(flatten(rule.TargetBackupVault).replace(/[<>]/g, '')) as Lock | undefined;
      const days = (rule.Lifecycle as Lifecycle | undefined)?.DeleteAfterDays;
      if (!lock) return [];
      if (days === undefined) return ['a lock keeps for ever what has no lifecycle'];
      return outside('DeleteAfterDays in a locked vault', days, lock.MinRetentionDays, lock.MaxRetentionDays ?? 36_500);
    });
    return [...problems, ...refused];
  },

  'six-field cron': (template) =>
    Object.entries(template.Resources).flatMap(([id, { Properties }]) =>
      (JSON.stringify(Properties ?? {}).match(/cron\([^)]*\)/g) ?? []).flatMap((cron) => {
        const fields = cron.slice('cron('.length, -1).trim().split(/\s+/);
        const oneDay = [fields[2], fields[4]].filter((field) => field === '?').length === 1;
        return fields.length === 6 && oneDay ? [] : [`${id}: ${cron} is not six fields with one ?`];
      }),
    ),

  'alarm periods': (template) =>
    each(template, 'AWS::CloudWatch::Alarm', ({ Period, EvaluationPeriods, Metrics, ...actions }) => {
      const periods = [Number(Period ?? 0), ...list<AlarmMetric>(Metrics).map((one) => one.MetricStat?.Period ?? 0)];
      return [
        ...periods
          .filter((period) => period > 0)
          .flatMap((period) => [
            ...([10, 20, 30].includes(period) || period % 60 === 0 ? [] : [`a period of ${period} s`]),
            ...outside(
              'Period x EvaluationPeriods',
              period * Number(EvaluationPeriods),
              0,
              period < 3_600 ? 86_400 : 604_800,
            ),
          ]),
        ...['AlarmActions', 'OKActions', 'InsufficientDataActions'].flatMap((name) =>
          outside(name, list(actions[name]).length, 0, 5),
        ),
      ];
    }),

  'backup plans': (template) => [
    ...each(template, 'AWS::Backup::BackupPlan', ({ BackupPlan: plan }) =>
      outside('rules', list((plan as Plan).BackupPlanRule).length, 1, 10),
    ),
    ...eachRule(template, (rule) => [
      ...outside('copy actions', list(rule.CopyActions).length, 0, 5),
      ...outside('StartWindowMinutes', rule.StartWindowMinutes, 60, Infinity),
      ...outside(
        'CompletionWindowMinutes',
        rule.CompletionWindowMinutes,
        Number(rule.StartWindowMinutes) + 60,
        Infinity,
      ),
      ...(/^[\w.-]{1,50}$/.test(String(rule.RuleName)) ? [] : [`a rule named ${String(rule.RuleName)}`]),
    ]),
    ...each(template, 'AWS::Backup::BackupSelection', ({ BackupSelection: selection }) =>
      outside('selected resources', list((selection as { Resources: unknown }).Resources).length, 1, 500),
    ),
  ],

  'policy sizes': (template) => {
    const inline = new Map<string, number>();
    const managed = new Map<string, number>();
    const add = (sums: Map<string, number>, roles: unknown, amount: number) =>
      list(roles).forEach((role) => sums.set(flatten(role), (sums.get(flatten(role)) ?? 0) + amount));
    for (const { properties } of resources(template, 'AWS::IAM::Policy')) {
      add(inline, properties.Roles, size(properties.PolicyDocument));
    }
    for (const { properties } of resources(template, 'AWS::IAM::ManagedPolicy')) add(managed, properties.Roles, 1);
    return [
      ...[...inline].flatMap(([role, sum]) => outside(`inline policies of ${role}`, sum, 0, 10_240)),
      ...[...managed].flatMap(([role, sum]) => outside(`managed policies of ${role}`, sum, 0, 10)),
      ...Object.entries(POLICIES).flatMap(([type, [property, most]]) =>
        each(template, type, (properties) => outside(property, size(properties[property]), 0, most)),
      ),
    ];
  },

  'parameter group families': (template) => [
    ...families(template, 'AWS::RDS::DBInstance', 'AWS::RDS::DBParameterGroup', 'DBParameterGroupName'),
    ...families(template, 'AWS::RDS::DBCluster', 'AWS::RDS::DBClusterParameterGroup', 'DBClusterParameterGroupName'),
  ],
};

interface Lifecycle {
  readonly DeleteAfterDays?: number;
  readonly MoveToColdStorageAfterDays?: number;
}

interface Lock {
  readonly MinRetentionDays: number;
  readonly MaxRetentionDays?: number;
  readonly ChangeableForDays?: number;
}

interface Plan {
  readonly BackupPlanRule: unknown;
}

interface Copy {
  readonly Lifecycle?: Lifecycle;
}

interface AlarmMetric {
  readonly MetricStat?: { readonly Period: number };
}

/** Largest sizes in characters without white space: quotas of IAM, KMS, S3, SNS and Lambda's execution roles. */
const POLICIES: Record<string, readonly [string, number]> = {
  'AWS::IAM::ManagedPolicy': ['PolicyDocument', 6_144],
  'AWS::IAM::Role': ['AssumeRolePolicyDocument', 2_048],
  'AWS::KMS::Key': ['KeyPolicy', 32_768],
  'AWS::S3::BucketPolicy': ['PolicyDocument', 20_480],
  'AWS::SNS::TopicPolicy': ['PolicyDocument', 30_720],
};

function resources({ Resources }: Template, type: string): Located[] {
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]) => ({ id, properties: Properties ?? {} }));
}

function each(template: Template, type: string, problems: (properties: Record<string, unknown>) => string[]): string[] {
  return resources(template, type).flatMap(({ id, properties }) =>
    problems(properties).map((problem) => `${id}: ${problem}`),
  );
}

function eachRule(template: Template, problems: (rule: Record<string, unknown>) => string[]): string[] {
  return each(template, 'AWS::Backup::BackupPlan', ({ BackupPlan: plan }) =>
    list<Record<string, unknown>>((plan as Plan).BackupPlanRule).flatMap(problems),
  );
}

function list<T = unknown>(value: unknown): T[] {
  return value === undefined ? [] : ([value].flat() as T[]);
}

/** Nothing is said of a value that is absent, or known at deployment only. */
function outside(name: string, value: unknown, least: number, most: number): string[] {
  if (value === undefined || typeof value === 'object') return [];
  const number = Number(value);
  return number >= least && number <= most ? [] : [`${name} of ${String(value)} is not from ${least} to ${most}`];
}

function lifecycle(value: unknown, most: number): string[] {
  if (value === undefined) return ['no lifecycle: recovery points are kept for ever'];
  const { DeleteAfterDays: days, MoveToColdStorageAfterDays: cold } = value as Lifecycle;
  return [
    ...outside('DeleteAfterDays', days, cold === undefined ? 1 : cold + 90, most),
    ...(days === undefined ? ['no DeleteAfterDays: recovery points are kept for ever'] : []),
  ];
}

/** As IAM counts, with references as long as they may well be. */
function size(document: unknown): number {
  if (document === undefined) return 0;
  const [account, region, partition, other] = ['1'.repeat(12), 'ap-southeast-1', 'aws-us-gov', 'x'.repeat(64)];
  const resolved = JSON.stringify(document, (_, value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    /^(Ref|Fn::)/.test(Object.keys(value)[0] ?? '')
      ? flatten(value)
          .replace(/<AWS\.AccountId>/g, account)
          .replace(/<AWS\.Region>/g, region)
          .replace(/<AWS\.Partition>/g, partition)
          .replace(/<[^>]*>/g, other)
      : value,
  );
  return resolved.replace(/\s/g, '').length;
}

/** A group of another family than its database's leaves it, or its restored copy, in `incompatible-parameters`. */
function families(template: Template, databases: string, groups: string, property: string): string[] {
  const byId = new Map(resources(template, groups).map(({ id, properties }) => [`<${id}>`, properties.Family]));
  return each(template, databases, ({ Engine, EngineVersion, [property]: group }) => {
    const family = group === undefined ? undefined : byId.get(flatten(group));
    if (family === undefined || Engine === undefined || EngineVersion === undefined) return [];
    const version = String(EngineVersion);
    const expected = [
      `${String(Engine)}${version.split('.')[0]}`,
      `${String(Engine)}${version.split('.', 2).join('.')}`,
    ];
    return expected.includes(String(family)) ? [] : [`a parameter group of ${String(family)} for ${expected[1]}`];
  });
}
