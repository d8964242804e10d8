export { createAuthorize, PolicyNotUnderstood, sessionArn } from './authorization';
export type {
  Authorize,
  AuthorizationRequest,
  Context,
  Decision,
  PolicyDocument,
  Principal,
  Statement,
} from './authorization';
export { RehearsedBackup } from './backup/rehearsed-backup';
export type { Action } from './cloudwatch/actions';
export { alarmOf, alarmsOf, type Alarm } from './cloudwatch/alarm';
export { RehearsedCloudWatch, type CloudWatchOptions } from './cloudwatch/rehearsed-cloudwatch';
export type { Transition } from './cloudwatch/transition';
export type { BackupOptions, BackupRule, CopyJob, RecoveryPoint } from './backup/model';
export type { Faults } from './faults';
export { RehearsedIam } from './iam';
export { RehearsedKms, type RehearsedKey } from './kms';
export { RehearsedLambda, type Invoke, type Invoked } from './lambda';
export type { KeptBackups } from './rds/automated-backups';
export type { Cluster } from './rds/cluster-model';
export { RehearsedRds, type AdoptedSource, type ChangedFacts } from './rds/rehearsed-rds';
export type { RdsDelays, RdsOptions, RdsQuota } from './rds/account';
export type { RdsRegistry, SubnetGroup } from './rds/registry';
export { RehearsedS3, type Bucket, type Damage, type Filling, type S3Options } from './s3/rehearsed-s3';
export { RehearsedScheduler, type RegisteredSchedule } from './scheduler';
export { RehearsedSecrets } from './secrets/rehearsed-secrets';
export { startAws, type AwsOptions, type RecordedCall, type RunningAws } from './server';
export type { Call, Check, Operation, Place, Service, Tag } from './service';
export type { ServiceRole } from './service-roles';
export { RehearsedSns, type Published, type Topic } from './sns';
export { RehearsedStates, type ExecutionStatus, type RegisteredExecution, type StatesOptions } from './states';
