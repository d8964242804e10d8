import { Arn, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { viaS3 } from './replication';

/** Roles of batch jobs are named so, one for each bucket. */
export function batchRolePrefix(prefix: string): string {
  return `${prefix}existing-`;
}

/** Asking for batch jobs and looking after them. A job has no ARN before it is made. */
export function askForJobs(stack: Stack, prefix: string): PolicyStatement[] {
  const roles = { service: 'iam', region: '', resource: 'role', resourceName: `${batchRolePrefix(prefix)}*` };
  return [
    new PolicyStatement({ sid: 'CreateJobs', actions: ['s3:CreateJob'], resources: ['*'] }),
    new PolicyStatement({
      sid: 'DescribeJobs',
      actions: ['s3:DescribeJob'],
      resources: [Arn.format({ service: 's3', resource: 'job', resourceName: '*' }, stack)],
    }),
    new PolicyStatement({
      sid: 'PassJobRoles',
      actions: ['iam:PassRole'],
      resources: [Arn.format(roles, stack)],
      conditions: { StringEquals: { 'iam:PassedToService': 'batchoperations.s3.amazonaws.com' } },
    }),
  ];
}

/**
 * What S3 Batch Operations may do: have the objects of one bucket replicated by the rule that is there, and say what became of them.
 * The list of objects comes from an inventory that S3 makes for the job.
 */
export function replicateExisting(
  bucketArn: string,
  reports: { readonly bucket: IBucket; readonly prefix: string; readonly key: IKey },
  region: string,
): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'InitiateReplication',
      actions: ['s3:InitiateReplication'],
      resources: [`${bucketArn}/*`],
    }),
    new PolicyStatement({
      sid: 'ListObjects',
      actions: ['s3:GetReplicationConfiguration', 's3:PutInventoryConfiguration'],
      resources: [bucketArn],
    }),
    new PolicyStatement({
      sid: 'WriteReports',
      actions: ['s3:PutObject'],
      resources: [reports.bucket.arnForObjects(`${reports.prefix}/*`)],
    }),
    new PolicyStatement({
      sid: 'EncryptReports',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [reports.key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': viaS3(region) } },
    }),
  ];
}
