import { IAM, type Reason } from './reason';

/** The buckets that the gates protect, as policies name them. */
const SOURCE = '(arn:<partition>:s3:::(maximal-[a-z]+|legacy-scans)|<(Documents|Uploads)[0-9A-F]{8}\\.Arn>)';

/** Of buckets, their replicas and what is done with both. */
export const BUCKET_REASONS: readonly Reason[] = [
  {
    finding: IAM('<StateBucket>/(drills/\\*/restored-files\\.json|drills/\\*/start\\.json|executions/\\*)'),
    where: /^Functions\/(Restore|Sweep)\//,
    reason: 'How far each drill restored files, and whose it is; drill ids are not known before.',
  },
  {
    finding: /^AwsSolutions-S1$/,
    where: /^(Scratch|Replicas\/(Gold|Shop)\/[A-Za-z]+)\/Bucket/,
    reason:
      'Access logs would need a bucket in every Region that has a replica. Who read or wrote is told by CloudTrail data events, which an account turns on once.',
  },
  {
    finding: /^AwsSolutions-(S1|S10)$/,
    where: /^(Uploads|Documents|Papers)(\/|$)/,
    reason: 'The protected buckets of the gates stand for the user’s own.',
  },
  {
    finding: IAM(`${SOURCE}/\\*`),
    where: /\/RecoverableReplication\/Policy\//,
    reason: 'Every object of the one bucket that the role replicates.',
  },
  {
    finding: IAM('<ReplicaBucket>/\\*'),
    where: /\/RecoverableReplication\/Policy\//,
    reason: 'Every object of the one replica that the role writes; it reads none of them and deletes none by version.',
  },
  {
    finding: IAM('arn:<partition>:kms:<region>:<account>:key/\\*'),
    where: /^Papers\/RecoverableReplication\/Policy\//,
    reason:
      'The key of another account, whose id no stack of this account can read. Through S3, for the one replica; and the key’s own policy lets the role use none but the right one.',
  },
  {
    finding: IAM(`(${SOURCE}|<ReplicaBucket>|arn:<partition>:s3:::legacy-scans-replica)/\\*`),
    where: /^(Gold|Shop|Replicas)\/DrillsRead\//,
    reason:
      'Drills read any file of protected buckets and their replicas, in every version; they write and delete none.',
  },
  {
    finding: IAM('arn:<partition>:kms:<region>:<account>:key/\\*'),
    where: /^(Gold|Shop|Replicas)\/DrillsRead\//,
    reason:
      'The key of a bucket that does not reveal it, or whose stack comes later: decrypting through S3, and of this one bucket’s objects alone. Giving encryptionKey narrows it.',
  },
  {
    finding: IAM('\\*'),
    where: /^(Gold|Shop)\/WatchBuckets\//,
    reason:
      'How far replicas are behind: CloudWatch takes no resource for its metrics. Reading alone, and in their Region.',
  },
  {
    finding: IAM('<ScratchBucket>/\\*'),
    where: /^Functions\/(Restore|Files|Teardown|Sweep)\//,
    reason: 'What drills restored, below ids that are not known before; the bucket holds nothing else.',
  },
  {
    finding: IAM(`${SOURCE}/\\*`),
    where: /^(Gold|Shop)\/(BucketBackup\/Role|[A-Za-z]+\/ExistingObjects)\//,
    reason: 'Every object of the plan’s buckets is backed up, or handed to its replication rule, and no other.',
  },
  {
    finding: IAM('<StateBucket>/replication/reports/(Gold|Shop)/[A-Za-z]+/\\*'),
    where: /^(Gold|Shop)\/[A-Za-z]+\/ExistingObjects\//,
    reason: 'Reports of the jobs of one bucket, whose ids are not known before.',
  },
  {
    finding: IAM('<StateBucket>/(messages|replication/jobs)/\\*'),
    where: /^ExistingObjects\/Function\//,
    reason: 'What was asked of S3 and told, by the beginning of its keys, which carry names of plans and hashes.',
  },
  {
    finding: IAM('arn:<partition>:scheduler:<region>:<account>:schedule/<prefix>drills/\\*'),
    where: /^ExistingObjects\/Function\//,
    reason: 'Every schedule of the site’s own group: a schedule says what of a bucket is replicated where.',
  },
  {
    finding: IAM('arn:<partition>:s3:<region>:<account>:job/\\*'),
    where: /^ExistingObjects\/Function\//,
    reason: 'Describe only. Ids of jobs are not known before.',
  },
  {
    finding: IAM('arn:<partition>:iam::<account>:role/<prefix>existing-\\*'),
    where: /^ExistingObjects\/Function\//,
    reason:
      'The roles of jobs, one for each bucket of the site’s plans, by prefix; passed to S3 Batch Operations alone.',
  },
  {
    finding: IAM('\\*'),
    where: /^ExistingObjects\/Function\//,
    reason:
      's3:CreateJob has no resource level; what a job may do is in its role, and only the site’s own can be passed.',
  },
  {
    finding: IAM('\\*'),
    where: /^(Gold|Shop)\/BucketBackup\/Role\//,
    reason: 'Lists of buckets, rules and tags, and metrics of AWS, have no resource level.',
  },
  {
    finding: IAM('arn:<partition>:events:<region>:<account>:rule/AwsBackupManagedRule\\*'),
    where: /^(Gold|Shop)\/BucketBackup\/Role\//,
    reason: 'The rules by which AWS Backup follows changes; it names them itself.',
  },
  {
    finding: IAM('arn:<partition>:backup:<region>:<account>:recovery-point:\\*'),
    where: /^(Gold|Shop)\/BucketBackup\/Role\//,
    reason: 'Tags on recovery points, which AWS Backup names itself.',
  },
  {
    finding: IAM('arn:<partition>:kms:<region>:<account>:key/\\*'),
    where: /^(Gold|Shop)\/BucketBackup\/Role\//,
    reason:
      'The key of a bucket that does not reveal it: decrypting through S3, and of this one bucket’s objects alone. Giving encryptionKey narrows it.',
  },
  {
    finding: /^AwsSolutions-S1$/,
    where: /^BucketRestore\/Buckets\/(Gold|Shop)\/[A-Za-z]+\//,
    reason: 'As of the scratch bucket: CloudTrail data events tell who read or wrote.',
  },
  {
    finding: IAM('arn:<partition>:s3:::<prefix>r-[0-9a-f]{12}-<account>/\\*'),
    where: /^(Functions\/(Restore|Teardown|Sweep)|BucketRestore)\/Role\//,
    reason:
      'What AWS Backup restores under its own keys for drills of one bucket; the bucket holds nothing else. AWS Backup writes, drills read, teardown and sweeper remove.',
  },
  {
    finding: IAM('<StateBucket>/restores/\\*'),
    where: /^Functions\/(Restore|Teardown|Sweep)\//,
    reason: 'What drills note of the buckets that AWS Backup restores to for them, and nothing else.',
  },
  {
    finding: IAM('\\*'),
    where: /^Functions\/Restore\//,
    reason: 'backup:DescribeRestoreJob, which has no resource level; it reads how a job stands.',
  },
  {
    finding: IAM(
      'arn:<partition>:backup:<region>:<account>:recovery-point:(continuous:)?<(Documents|Uploads)[0-9A-F]{8}>-\\*',
    ),
    where: /^(Gold|Shop)\/BucketBackup\/Restorable\//,
    reason: 'Recovery points of the one bucket, which AWS Backup names after it; only a role for drills can be passed.',
  },
];
