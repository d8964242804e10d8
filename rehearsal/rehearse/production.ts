import type { AdoptedSource, Place } from '../aws';
import type { Deployment } from '../template/deployment';

/** The settings of the protected instance as the template declares them; the account's defaults for one it only observes. */
export function declaredSettings(
  deployment: Deployment,
  identifier: string,
): Omit<AdoptedSource, 'identifier' | 'database'> {
  const declared = deployment.all('AWS::RDS::DBInstance').find(({ name }) => name === identifier);
  if (!declared) return {};
  const { properties } = declared;
  return {
    class: text(properties.DBInstanceClass),
    storageType: text(properties.StorageType),
    allocatedStorageGib: number(properties.AllocatedStorage),
    // CloudFormation keeps backups for a day where a template says nothing.
    backupRetentionPeriod: number(properties.BackupRetentionPeriod) ?? 1,
    multiAz: properties.MultiAZ === true,
    deletionProtection: properties.DeletionProtection === true,
    copyTagsToSnapshot: properties.CopyTagsToSnapshot === true,
    kmsKeyId:
      properties.StorageEncrypted === true ? (text(properties.KmsKeyId) ?? rdsManagedKey(deployment.place)) : undefined,
  };
}

/** The key that RDS encrypts with where a template names none. */
export function rdsManagedKey({ region, account }: Place): string {
  return `arn:aws:kms:${region}:${account}:key/aws-rds`;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}
