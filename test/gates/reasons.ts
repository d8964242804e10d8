import { MONITORING_REASONS } from './monitoring-reasons';
import { BUCKET_REASONS } from './bucket-reasons';
import { IAM, type Reason } from './reason';

export const REASONS: readonly Reason[] = [
  {
    finding: /^AwsSolutions-S1$/,
    where: /^(State|Evidence)\/Bucket/,
    reason:
      'Access logs would need a third bucket without Object Lock, weaker than the two it watches. Who read or wrote evidence is told by CloudTrail data events, which an account turns on once.',
  },
  {
    finding: IAM('<StateBucket>/\\*'),
    where: /^Functions\/(Declare|Choose|Verify|Record|Recorder|Announce)\//,
    reason:
      'The state bucket is the site’s own and holds nothing else; keys carry drill ids that are not known before.',
  },
  {
    finding: IAM('<EvidenceBucket>/\\*'),
    where: /^Functions\/(Record|Recorder)\//,
    reason:
      'Evidence of every resource; the bucket’s policy lets none be overwritten, and its lock lets none be deleted.',
  },
  {
    finding: IAM('<StateBucket>/resources/\\*/lock\\.json'),
    where: /^Functions\/(Record|Recorder)\//,
    reason: 'The locks of all resources, and nothing but locks.',
  },
  {
    finding: IAM('arn:<partition>:scheduler:<region>:<account>:schedule/<prefix>drills/\\*'),
    where: /^Functions\/Declare\//,
    reason: 'Every schedule of the site’s own group: the schedule is the registry of drills.',
  },
  {
    finding: IAM('arn:<partition>:rds:<region>:<account>:(db|snapshot|cluster-snapshot):\\*'),
    where: /^Functions\/(Choose|Restore|Ready|Access|Teardown|Sweep)\//,
    reason: 'Describe only. RDS authorises lists, and instances that do not exist yet, on all of a type.',
  },
  {
    finding: IAM('arn:<partition>:rds:<region>:<account>:db:<prefix>\\*'),
    where: /^Functions\/(Restore|Access|Teardown|Sweep)\//,
    reason: 'Copies of drills: the prefix is the boundary, and a Deny keeps these roles inside it.',
  },
  {
    finding: IAM('arn:<partition>:rds:<region>:<account>:(og:default:postgres-\\*|pg:default\\.postgres\\*)'),
    where: /^Functions\/(Restore|Access)\//,
    reason:
      'RDS authorises restores on the default groups too; their names carry the major version, known when restored.',
  },
  {
    finding: IAM('arn:<partition>:rds:<region>:<account>:(cluster-)?snapshot:<prefix>\\*'),
    where: /^(Functions\/Sweep|DeploymentBackups\/Done)\//,
    reason:
      'Snapshots that the site itself takes, before deployments and on demand, by prefix: one takes them, the other removes those whose own tag says that their time is over.',
  },
  {
    finding: IAM('arn:<partition>:rds:<region>:<account>:(db|snapshot|cluster|cluster-snapshot):\\*'),
    where: /^DeploymentBackups\/Start\//,
    reason: 'Describe only. RDS authorises lists on all of a type.',
  },
  {
    finding: IAM('<DeploymentBackups[A-Za-z]+>:\\*'),
    where: /^DeploymentBackups\//,
    reason: 'The provider framework of the CDK grants every version of the functions that it invokes.',
  },
  {
    finding: /^AwsSolutions-L1$/,
    where: /^DeploymentBackups\/Provider\//,
    reason: 'Functions of the CDK’s provider framework, at the runtime that the CDK tests them on.',
  },
  {
    finding: /^AwsSolutions-(SF1|SF2)$/,
    where: /^DeploymentBackups\/Provider\//,
    reason:
      'The provider framework’s machine carries the presigned address of CloudFormation’s answer, which belongs in no log.',
  },
  {
    finding: IAM('arn:<partition>:secretsmanager:<region>:<account>:secret:<prefix>\\*'),
    where: /^Functions\/(Access|Verify|Teardown|Sweep)\//,
    reason: 'The drills’ own secrets, by prefix; Secrets Manager adds six characters to every name.',
  },
  {
    finding: IAM('arn:<partition>:states:<region>:<account>:execution:<prefix>drill:\\*'),
    where: /^Functions\/Sweep\//,
    reason: 'Executions of the site’s own machine, whose names are not known before.',
  },
  {
    finding: IAM('<Functions[A-Za-z]+Function>:\\*'),
    where: /^(Drill|Functions\/Verify)\//,
    reason: 'All versions of one function of the site: a running drill keeps the version it began with.',
  },
  {
    finding: IAM('\\*'),
    where: /^Functions\/Choose\//,
    reason: 'rds:DescribeAccountAttributes (quotas) has no resource level.',
  },
  {
    finding: IAM('\\*'),
    where: /^Functions\/Sweep\//,
    reason: 'secretsmanager:ListSecrets has no resource level.',
  },
  {
    finding: IAM('\\*'),
    where: /^Functions\/(Ready|Teardown|Sweep)\//,
    reason: 'backup:DescribeRestoreJob and backup:ListRestoreJobs have no resource level.',
  },
  {
    finding: IAM('arn:<partition>:rds:<region>:<account>:snapshot:awsbackup:\\*'),
    where: /^(Functions\/(Choose|Restore)|RecoveryPointRestore\/Role)\//,
    reason:
      'A recovery point of an instance is named after a job and says of no database, so this holds for all of the account and Region. Choose takes none that AWS Backup does not name the protected instance for, and what is restored can only be a copy of a drill.',
  },
  {
    finding: IAM('arn:<partition>:rds:<region>:<account>:db:\\*'),
    where: /^RecoveryPointRestore\/Role\//,
    reason: 'Describe only. RDS authorises lists on all of a type.',
  },
  {
    finding: IAM('arn:<partition>:rds:<region>:<account>:db:<prefix>\\*'),
    where: /^(Functions\/Ready|RecoveryPointRestore\/Role)\//,
    reason: 'Copies of drills: the prefix is the boundary, and a Deny keeps these roles inside it.',
  },
  {
    finding: IAM('arn:<partition>:rds:<region>:<account>:(og:default:postgres-\\*|pg:default\\.postgres\\*)'),
    where: /^RecoveryPointRestore\/Role\//,
    reason:
      'RDS authorises restores on the default groups too; their names carry the major version, known when restored.',
  },
  {
    finding: IAM('<StateBucket>/drills/\\*/restore\\.json'),
    where: /^Functions\/(Restore|Sweep)\//,
    reason:
      'The notes that drills leave before they ask for a restore job, and nothing but these; drill ids are not known before.',
  },
  {
    finding: IAM('arn:<partition>:kms:<region>:<account>:key/\\*'),
    where: /^Gold\/Backup\/RestoreKeys\//,
    reason:
      'The key of an instance that does not reveal it; grants through RDS or AWS Backup only, and for AWS resources only. Giving encryptionKey narrows it.',
  },
  {
    finding: IAM('\\*'),
    where: /^Functions\/Query\//,
    reason:
      'Lambda documents the network interface actions on all resources; a Deny by lambda:SourceFunctionArn keeps them from the function’s own code.',
  },
  {
    finding: IAM('\\*'),
    where: /^Drill\//,
    reason: 'Log delivery and X-Ray of Step Functions have no resource level.',
  },
  {
    finding: IAM('arn:<partition>:kms:<region>:<account>:key/\\*'),
    where: /^(Shop|Plan|Gold|Silver)\/Sources\//,
    reason:
      'The key of an instance that does not reveal it; through RDS only, and grants for AWS resources only. Giving encryptionKey narrows it.',
  },
  {
    finding: IAM(
      'arn:<partition>:rds:<region>:<account>:(db|snapshot|cluster|cluster-snapshot|cluster-auto-backup):\\*',
    ),
    where: /^(Shop|Plan|Gold|Silver)\/(Cluster)?Backup\/Role\//,
    reason: 'Describe only. RDS authorises lists on all of a type.',
  },
  {
    finding: IAM('arn:<partition>:rds:<region>:<account>:(cluster-)?snapshot:awsbackup:\\*'),
    where: /^(Shop|Plan|Gold|Silver)\/(Cluster)?Backup\/Role\//,
    reason:
      'AWS Backup names its snapshots after jobs that are not known before. Its managed policy would reach every database of the account besides: a snapshot can be taken of the plan’s databases alone.',
  },
  {
    finding: IAM('arn:<partition>:backup:<region>:<account>:recovery-point:continuous:\\*'),
    where: /^Silver\/(Cluster)?Backup\/Role\//,
    reason: 'Tags on continuous recovery points, which are named after resource ids that are not known before.',
  },
  {
    finding: IAM('\\*'),
    where: /^(Shop|Plan|Gold|Silver)\/(Cluster)?Backup\/Role\//,
    reason: 'tag:GetResources has no resource level.',
  },
  {
    finding: IAM('arn:<partition>:kms:<region>:<account>:key/\\*'),
    where: /^(Shop|Plan|Gold|Silver)\/(Cluster)?Backup\/Role\//,
    reason:
      'The key of an instance that does not reveal it; grants through RDS or AWS Backup only, and for AWS resources only. Giving encryptionKey narrows it.',
  },
  {
    finding: /^AwsSolutions-(RDS3|RDS10|RDS11|VPC7|SMG4)$/,
    where: /^(Orders|Vpc|Owned(Continuous|Cluster)?)\//,
    reason:
      'The protected database of the example and of the gates stands for the user’s own: single, deletable, on the default port, in a network without flow log, its password not rotated.',
  },
  ...BUCKET_REASONS,
  ...MONITORING_REASONS,
];
