import { Token } from 'aws-cdk-lib';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';

/** The Object Lock of a bucket, to be carried over to its replica; nothing where it has none. What a token says is not known here. */
export function objectLock(declared: CfnBucket | undefined): CfnBucket.ObjectLockConfigurationProperty | undefined {
  if (!declared || declared.objectLockEnabled === undefined || declared.objectLockEnabled === false) return undefined;
  const configuration = declared.objectLockConfiguration;
  if (configuration === undefined || Token.isUnresolved(configuration)) return { objectLockEnabled: 'Enabled' };
  const { rule } = configuration as CfnBucket.ObjectLockConfigurationProperty;
  return { objectLockEnabled: 'Enabled', ...(rule && { rule }) };
}
