import { Arn, ArnFormat, Aws, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { viaS3 } from './replication';

/**
 * What restores to buckets need, for no bucket yet: see `add`. Of AWS Backup's own policy for restores to S3 it leaves out what
 * makes buckets, changes their settings, sets ACLs and deletes.
 */
export class RestoreToBuckets {
  /** For the role of AWS Backup: looking at the buckets that are restored to. */
  readonly look = new PolicyStatement({
    sid: 'LookAtRestoreBuckets',
    actions: [
      's3:GetBucketLocation',
      's3:GetBucketOwnershipControls',
      's3:GetBucketVersioning',
      's3:ListBucket',
      's3:ListBucketVersions',
    ],
  });
  /** For the role of AWS Backup: writing to them. */
  readonly write = new PolicyStatement({
    sid: 'WriteToRestoreBuckets',
    actions: [
      's3:GetObject',
      's3:GetObjectTagging',
      's3:GetObjectVersion',
      's3:ListMultipartUploadParts',
      's3:PutObject',
      's3:PutObjectTagging',
    ],
  });
  /** For drills: reading what was restored. */
  readonly read = [
    new PolicyStatement({ sid: 'ListRestored', actions: ['s3:ListBucket', 's3:ListBucketVersions'] }),
    new PolicyStatement({ sid: 'ReadRestored', actions: ['s3:GetObject'] }),
  ];

  private readonly removals: [PolicyStatement, PolicyStatement][] = [];

  /** For whoever removes what was restored, version by version. */
  remove(): PolicyStatement[] {
    const removal: [PolicyStatement, PolicyStatement] = [
      new PolicyStatement({ sid: 'ListRestored', actions: ['s3:ListBucketVersions'] }),
      new PolicyStatement({ sid: 'RemoveRestored', actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'] }),
    ];
    this.removals.push(removal);
    return removal;
  }

  add(bucketArn: string): void {
    this.look.addResources(bucketArn);
    this.write.addResources(`${bucketArn}/*`);
    for (const [list, object] of [this.read, ...this.removals]) {
      list.addResources(bucketArn);
      object.addResources(`${bucketArn}/*`);
    }
  }
}

/** Reading what the vault keeps under its own key, and writing it under the site's. */
export function restoreUnder(vaultKeyArn: string, siteKeyArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ReadUnderVaultKey',
      actions: ['kms:Decrypt', 'kms:DescribeKey'],
      resources: [vaultKeyArn],
      conditions: { StringEquals: { 'kms:ViaService': `backup.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
    }),
    new PolicyStatement({
      sid: 'WriteUnderSiteKey',
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
      resources: [siteKeyArn],
      conditions: { StringEquals: { 'kms:ViaService': viaS3(Aws.REGION) } },
    }),
  ];
}

/** Starting restores of this one bucket's recovery points, periodic and continuous: AWS Backup names them after it. */
export function restorePoints(stack: Stack, bucketName: string): string[] {
  return ['', 'continuous:'].map((kind) =>
    Arn.format(
      {
        service: 'backup',
        resource: 'recovery-point',
        resourceName: `${kind}${bucketName}-*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      },
      stack,
    ),
  );
}
