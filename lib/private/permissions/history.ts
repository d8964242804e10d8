import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { rdsArn, schedulesIn } from './arns';

/** The site's register: which schedules there are, and what is in them. */
export function readRegister(stack: Stack, group: string): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['scheduler:ListSchedules'], resources: ['*'] }),
    new PolicyStatement({ actions: ['scheduler:GetSchedule'], resources: [schedulesIn(stack, group)] }),
  ];
}

/** Which databases the account has in this Region. */
export function listDatabases(stack: Stack): PolicyStatement {
  return new PolicyStatement({
    actions: ['rds:DescribeDBInstances', 'rds:DescribeDBClusters'],
    resources: [rdsArn(stack, 'db', '*'), rdsArn(stack, 'cluster', '*')],
  });
}

/** Jobs of AWS Backup, sizes and quotas: lists of the whole account, none of which has a resource level. */
export function readJobsAndSizes(): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'backup:ListBackupJobs',
      'backup:ListCopyJobs',
      'backup:ListRestoreJobs',
      'cloudwatch:GetMetricData',
      'rds:DescribeAccountAttributes',
    ],
    resources: ['*'],
  });
}
