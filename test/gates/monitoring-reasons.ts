import { IAM, type Reason } from './reason';

/** Of what watches and tells. */
export const MONITORING_REASONS: readonly Reason[] = [
  {
    finding: IAM('<StateBucket>/\\*'),
    where: /^Functions\/(Monitor|Notify|Digest)\//,
    reason:
      'The state bucket is the site’s own and holds nothing else; keys carry names of plans and hashes of causes.',
  },
  {
    finding: IAM('<StateBucket>/(history|messages|monitor)/\\*'),
    where: /^(Functions\/History|Coverage\/Function)\//,
    reason:
      'What these functions keep and read, by the beginning of their keys, which carry names of plans and hashes.',
  },
  {
    finding: IAM('<EvidenceBucket>/(chain|history)/\\*'),
    where: /^Functions\/History\//,
    reason: 'Evidence is read, days of the history are written; the bucket’s policy lets nothing be overwritten.',
  },
  {
    finding: IAM('arn:<partition>:rds:<region>:<account>:(db|snapshot|cluster|cluster-snapshot|auto-backup):\\*'),
    where: /^(Functions\/(Monitor|Notify|History)|(Gold|Plan)\/WatchCopies|Coverage\/Function)\//,
    reason:
      'Describe only. RDS authorises lists on all of a type, and what bears a tag or is under no plan is not known before.',
  },
  {
    finding: IAM('arn:<partition>:kms:<region>:<account>:key/\\*'),
    where: /^(Functions\/Monitor|(Gold|Plan)\/WatchCopies)\//,
    reason:
      'DescribeKey and GetKeyPolicy only: whether the keys that databases turn out to be under would let them be restored. They change nothing and decrypt nothing.',
  },
  {
    finding: IAM('arn:<partition>:scheduler:<region>:<account>:schedule/<prefix>drills/\\*'),
    where: /^(Functions\/History|(Coverage|Heartbeat)\/Function)\//,
    reason: 'Every schedule of the site’s own group: the schedules of monitors are the register of what is protected.',
  },
  {
    finding: IAM('\\*'),
    where: /^Functions\/Monitor\//,
    reason:
      'rds:DescribeAccountAttributes, backup:ListCopyJobs and backup:DescribeRegionSettings have no resource level.',
  },
  {
    finding: IAM('\\*'),
    where: /^Functions\/History\//,
    reason:
      'Lists of jobs of AWS Backup, quotas, schedules and metrics of AWS have no resource level; the function writes down what happened and changes nothing.',
  },
  {
    finding: IAM('\\*'),
    where: /^Coverage\/Function\//,
    reason: 'Lists of schedules and of buckets have no resource level.',
  },
  {
    finding: IAM('<StateBucket>/monitor/\\*'),
    where: /^Heartbeat\/Function\//,
    reason: 'Reports of the site’s own monitors, which are read alone; their keys carry names of plans.',
  },
  {
    finding: IAM('\\*'),
    where: /^Heartbeat\/Function\//,
    reason: 'Lists of schedules have no resource level.',
  },
];
