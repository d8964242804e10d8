import { Aspects, type Duration, Lazy, Token } from 'aws-cdk-lib';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { ValidationError } from '../validation';
import type { BucketFacts } from './bucket-facts';

/**
 * Turns versioning on where a bucket's construct says nothing, and refuses it off. A bucket that kept no old versions before keeps
 * them from now on, so they are given an end; those of a bucket that was versioned are its owner's.
 */
export function manageVersions(name: string, { declared, construct }: BucketFacts, oldVersions: Duration): void {
  const versioning = declared!.versioningConfiguration;
  if (versioning !== undefined) {
    if (Token.isUnresolved(versioning)) return;
    const { status } = versioning as CfnBucket.VersioningConfigurationProperty;
    if (status === 'Enabled' || Token.isUnresolved(status)) return;
    throw new ValidationError(
      `versioning of ${name} is ${status}, and S3 neither replicates nor backs up such a bucket: enable it, or leave it to this library`,
    );
  }
  declared!.versioningConfiguration = { status: 'Enabled' };
  if (construct) {
    construct.addLifecycleRule({ id: 'recoverable-old-versions', noncurrentVersionExpiration: oldVersions });
  } else if (declared!.lifecycleConfiguration === undefined) {
    declared!.lifecycleConfiguration = {
      rules: [
        {
          id: 'recoverable-old-versions',
          status: 'Enabled',
          noncurrentVersionExpiration: { noncurrentDays: oldVersions.toDays() },
        },
      ],
    };
  }
}

/**
 * AWS Backup follows a bucket by its events, and stops where they are off. Notifications of an L2 bucket are put by a resource of
 * the CDK that knows no others: where it is there, it says so too.
 */
export function manageEvents({ declared, construct }: BucketFacts): void {
  const own = declared!.notificationConfiguration;
  if (own !== undefined) {
    if (Token.isUnresolved(own)) return;
    const configuration = own as CfnBucket.NotificationConfigurationProperty;
    if (configuration.eventBridgeConfiguration === undefined) {
      declared!.notificationConfiguration = { ...configuration, ...EVENTS };
    }
    return;
  }
  if (!construct) {
    declared!.notificationConfiguration = EVENTS;
    return;
  }
  const byConstruct = () => construct.node.tryFindChild('Notifications') !== undefined;
  declared!.notificationConfiguration = Lazy.any({ produce: () => (byConstruct() ? undefined : EVENTS) });
  // What the app adds later counts too.
  Aspects.of(construct).add({
    visit: (node) => {
      if (node === construct && byConstruct()) (node as Bucket).enableEventBridgeNotification();
    },
  });
}

const EVENTS = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
