import type * as sdk from '@aws-sdk/client-s3';
import { AwsError } from '../../protocol/types';
import { notRehearsed } from '../../service';

type Switch = { readonly Status: 'Enabled' | 'Disabled' };

/** A bucket's replication as CloudFormation spells it. */
export interface ReplicationConfiguration {
  readonly Role: string;
  readonly Rules: readonly ReplicationRule[];
}

export interface ReplicationRule {
  readonly Id?: string;
  readonly Status: 'Enabled' | 'Disabled';
  readonly Priority?: number;
  readonly Prefix?: string;
  readonly Filter?: {
    readonly Prefix?: string;
    readonly TagFilter?: object;
    readonly And?: { readonly Prefix?: string };
  };
  readonly DeleteMarkerReplication?: Partial<Switch>;
  readonly SourceSelectionCriteria?: {
    readonly SseKmsEncryptedObjects?: Switch;
    readonly ReplicaModifications?: Switch;
  };
  readonly Destination: {
    readonly Bucket: string;
    readonly Account?: string;
    readonly StorageClass?: string;
    readonly AccessControlTranslation?: { readonly Owner: 'Destination' };
    readonly EncryptionConfiguration?: { readonly ReplicaKmsKeyID: string };
    readonly Metrics?: Switch & { readonly EventThreshold?: { readonly Minutes: number } };
    readonly ReplicationTime?: Switch & { readonly Time: { readonly Minutes: number } };
  };
}

export const isOn = (one: Partial<Switch> | undefined): boolean => one?.Status === 'Enabled';

export function prefixOf({ Filter, Prefix }: ReplicationRule): string {
  return Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? '';
}

/** Throws where S3 would refuse to keep a configuration. Whether keys and roles are any good it finds out with each object. */
export function requireSound({ Rules }: ReplicationConfiguration): void {
  if (Rules.length === 0 || Rules.length > 1000) throw invalid('there must be 1 to 1000 rules');
  const ids = Rules.map(({ Id }, i) => Id ?? `rule-${i}`);
  if (new Set(ids).size !== ids.length) throw invalid('rule ids must be unique');
  const priorities = Rules.filter(({ Filter }) => Filter).map(({ Priority }) => Priority);
  if (new Set(priorities).size !== priorities.length) throw invalid('priorities must be unique');
  Rules.forEach(requireSoundRule);
}

function requireSoundRule({ Filter, Priority, DeleteMarkerReplication, ...rule }: ReplicationRule): void {
  if (Filter?.TagFilter || (Filter?.And && 'TagFilters' in Filter.And)) {
    throw notRehearsed('replication by tags is not rehearsed: objects have none here');
  }
  if (Filter && (Priority === undefined || !DeleteMarkerReplication)) {
    throw invalid('a rule with Filter needs Priority and DeleteMarkerReplication');
  }
  if (!Filter && DeleteMarkerReplication) throw invalid('DeleteMarkerReplication needs Filter');
  const { Metrics, ReplicationTime, EncryptionConfiguration, AccessControlTranslation, Account } = rule.Destination;
  if (isOn(ReplicationTime) && !isOn(Metrics)) throw invalid('ReplicationTime needs Metrics');
  if (isOn(ReplicationTime) && ReplicationTime?.Time.Minutes !== 15) throw invalid('ReplicationTime is 15 minutes');
  const kms = isOn(rule.SourceSelectionCriteria?.SseKmsEncryptedObjects);
  if (kms && !EncryptionConfiguration) throw invalid('SseKmsEncryptedObjects needs EncryptionConfiguration');
  if (EncryptionConfiguration && !rule.SourceSelectionCriteria?.SseKmsEncryptedObjects) {
    throw invalid('EncryptionConfiguration needs SseKmsEncryptedObjects');
  }
  if (AccessControlTranslation && !Account) throw invalid('AccessControlTranslation needs Account');
}

/** As GetBucketReplication shows it. */
export function shownConfiguration({ Role, Rules }: ReplicationConfiguration): sdk.ReplicationConfiguration {
  return {
    Role,
    Rules: Rules.map(({ Id, DeleteMarkerReplication, Filter, ...rule }) => ({
      ...rule,
      ID: Id,
      ...(Filter && { Filter: { Prefix: prefixOf({ Filter, ...rule }) } }),
      ...(DeleteMarkerReplication && { DeleteMarkerReplication }),
    })) as sdk.ReplicationRule[],
  };
}

function invalid(why: string): AwsError {
  return new AwsError('InvalidRequest', 400, `The replication configuration is not sound: ${why}.`);
}
