import { createHash } from 'node:crypto';
import type { Resource } from './template';

/** Where the rehearsed stack is deployed to: an account that AWS gives to nobody. */
export interface Place {
  readonly stack: string;
  readonly region: string;
  readonly account: string;
}

/** The property that names a resource of a type; the others are named by CloudFormation. */
const NAME_PROPERTY: Record<string, string> = {
  'AWS::Backup::BackupVault': 'BackupVaultName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::RDS::DBInstance': 'DBInstanceIdentifier',
  'AWS::RDS::DBSubnetGroup': 'DBSubnetGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::Scheduler::ScheduleGroup': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
};

const LOWER_CASE = new Set(['AWS::RDS::DBInstance', 'AWS::RDS::DBSubnetGroup', 'AWS::S3::Bucket']);

/** The name of a resource: its own, or one derived as CloudFormation does, from stack, logical id and a suffix. */
export function physicalName(
  logicalId: string,
  resource: Resource,
  place: Place,
  resolve: (value: unknown) => unknown,
): string {
  const property = NAME_PROPERTY[resource.Type];
  const given = property && resource.Properties?.[property];
  if (given !== undefined && given !== '') return String(resolve(given));
  const suffix = createHash('sha256').update(`${place.stack}/${logicalId}`).digest('hex').slice(0, 8);
  const name = `${place.stack}-${logicalId}`.slice(0, 46).replace(/-+$/, '') + `-${suffix}`;
  if (resource.Type === 'AWS::KMS::Key') return `${suffix}-0000-4000-8000-${suffix}0000`;
  if (resource.Type === 'AWS::EC2::SecurityGroup') return `sg-${suffix}`;
  return LOWER_CASE.has(resource.Type) ? name.toLowerCase() : name;
}

/** The ARN of a resource by its physical name. Formats: service authorization reference. */
export function arnOf(type: string, name: string, { region, account }: Place): string {
  const regional = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
  switch (type) {
    case 'AWS::Backup::BackupPlan':
      return regional('backup', `backup-plan:${name}`);
    case 'AWS::Backup::BackupVault':
      return regional('backup', `backup-vault:${name}`);
    case 'AWS::CloudWatch::Alarm':
      return regional('cloudwatch', `alarm:${name}`);
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${account}:role/${name}`;
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${name}`;
    case 'AWS::KMS::Key':
      return regional('kms', `key/${name}`);
    case 'AWS::Lambda::Function':
      return regional('lambda', `function:${name}`);
    case 'AWS::Logs::LogGroup':
      return regional('logs', `log-group:${name}:*`);
    case 'AWS::RDS::DBInstance':
      return regional('rds', `db:${name}`);
    case 'AWS::RDS::DBSubnetGroup':
      return regional('rds', `subgrp:${name}`);
    case 'AWS::SNS::Topic':
      return regional('sns', name);
    case 'AWS::SQS::Queue':
      return regional('sqs', name);
    case 'AWS::Scheduler::ScheduleGroup':
      return regional('scheduler', `schedule-group/${name}`);
    case 'AWS::StepFunctions::StateMachine':
      return regional('states', `stateMachine:${name}`);
    case 'AWS::EC2::VPC':
      return regional('ec2', `vpc/${name}`);
    default:
      return regional(type.split('::')[1]?.toLowerCase() ?? 'unknown', name);
  }
}

/** What `Ref` answers: an ARN for some types, the name for the rest. */
export function refOf(type: string, name: string, place: Place): string {
  return type === 'AWS::SNS::Topic' ||
    type === 'AWS::StepFunctions::StateMachine' ||
    type === 'AWS::Lambda::Version' ||
    type === 'AWS::IAM::ManagedPolicy'
    ? arnOf(type, name, place)
    : name;
}
