import { Aws, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { copies, restoreGroups } from './arns';
import { INSTANCES, snapshots } from './backup';
import { describeInstances, SITE_TAG } from './rds';

/*
 * A recovery point of an instance is a snapshot named after a job: no ARN says of which database. What is allowed on them is
 * allowed on all of the account; Choose compares the database that AWS Backup names with the protected one.
 */

/**
 * What AWS Backup may do when it restores for a drill: make copies under the prefix in the drill subnet group. It passes no tags
 * of ours, so none can be asked for here; what it tags a copy with are the source's own. The boundary keeps all else away.
 */
export function restoreRecoveryPoints(stack: Stack, prefix: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'RestoreCopies',
      actions: ['rds:RestoreDBInstanceFromDBSnapshot'],
      resources: [snapshots(stack, INSTANCES), copies(stack, prefix), ...restoreGroups(stack, prefix)],
    }),
    new PolicyStatement({
      sid: 'TagCopies',
      actions: ['rds:AddTagsToResource', 'rds:ListTagsForResource'],
      resources: [copies(stack, prefix)],
    }),
    new PolicyStatement({
      sid: 'ReadSnapshots',
      actions: ['rds:DescribeDBSnapshots', 'rds:ListTagsForResource'],
      resources: [snapshots(stack, INSTANCES)],
    }),
    describeInstances(stack),
  ];
}

/** Finding the newest recovery point of a resource, and how the resource was set when it was taken. */
export function chooseRecoveryPoints(stack: Stack, vaultArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['backup:ListRecoveryPointsByBackupVault'], resources: [vaultArn] }),
    new PolicyStatement({
      actions: ['backup:GetRecoveryPointRestoreMetadata'],
      resources: [snapshots(stack, INSTANCES)],
    }),
  ];
}

/** Starting a restore, under this one role. */
export function startRestoreJobs(stack: Stack, roleArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['backup:StartRestoreJob'], resources: [snapshots(stack, INSTANCES)] }),
    passToBackup(roleArn),
  ];
}

export function passToBackup(roleArn: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['iam:PassRole'],
    resources: [roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
  });
}

export function describeRestoreJobs(): PolicyStatement {
  return new PolicyStatement({ actions: ['backup:DescribeRestoreJob'], resources: ['*'] });
}

export function listRestoreJobs(): PolicyStatement {
  return new PolicyStatement({ actions: ['backup:ListRestoreJobs'], resources: ['*'] });
}

/** A restore job passes no tags: the drill gives its copy the site's, and takes away those of the source. */
export function claimCopies(stack: Stack, prefix: string, site: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ClaimCopies',
      actions: ['rds:AddTagsToResource'],
      resources: [copies(stack, prefix)],
      conditions: { StringEquals: { [`aws:RequestTag/${SITE_TAG}`]: site } },
    }),
    new PolicyStatement({
      sid: 'DropInheritedTags',
      actions: ['rds:RemoveTagsFromResource'],
      resources: [copies(stack, prefix)],
    }),
  ];
}

/** The note that a drill leaves before it asks for a restore job. */
export function readRestoreNotes(bucket: IBucket, key: IKey): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['s3:GetObject'], resources: [notes(bucket)] }),
    // Without it S3 answers that access is denied where there is no note.
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    throughS3(key, 'kms:Decrypt'),
  ];
}

export function writeRestoreNotes(bucket: IBucket, key: IKey): PolicyStatement[] {
  return [
    ...readRestoreNotes(bucket, key),
    new PolicyStatement({ actions: ['s3:PutObject'], resources: [notes(bucket)] }),
    throughS3(key, 'kms:GenerateDataKey'),
  ];
}

function notes(bucket: IBucket): string {
  return bucket.arnForObjects('drills/*/restore.json');
}

function throughS3(key: IKey, action: string): PolicyStatement {
  return new PolicyStatement({
    actions: [action],
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
  });
}
