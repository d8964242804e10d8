import {
  DescribeDBInstanceAutomatedBackups$,
  type DBInstanceAutomatedBackup,
  type DescribeDBInstanceAutomatedBackupsMessage,
} from '@aws-sdk/client-rds';
import { operation, type Operation } from '../service';
import type { RdsAccount } from './account';
import { wantedBy, type Filterable } from './filters';
import type { Instance } from './model';
import * as rules from './rules';

/** Automated backups that outlive their instance, or that another Region's instance is replicated into. */
export interface KeptBackups {
  readonly identifier: string;
  /** Of the instance, in its own Region. */
  readonly instanceArn: string;
  readonly dbiResourceId: string;
  /** Region of the instance. */
  readonly region: string;
  readonly status: 'active' | 'creating' | 'retained';
  readonly earliest?: Date;
  readonly latest?: Date;
  readonly kmsKeyId?: string;
  readonly retentionDays?: number;
}

const FILTERS: Filterable<DBInstanceAutomatedBackup> = {
  status: ({ Status }) => [Status],
  'db-instance-id': ({ DBInstanceIdentifier, DBInstanceArn }) => [DBInstanceIdentifier, DBInstanceArn],
  'dbi-resource-id': ({ DbiResourceId }) => [DbiResourceId],
};

export function automatedBackupOperations(account: RdsAccount): Operation[] {
  const action = 'rds:DescribeDBInstanceAutomatedBackups';
  return [
    operation<DescribeDBInstanceAutomatedBackupsMessage, object>(
      DescribeDBInstanceAutomatedBackups$,
      ['Filters', 'MaxRecords', 'Marker'],
      () => [
        { action, resource: account.arn('db', '*') },
        { action, resource: account.arn('auto-backup', '*') },
      ],
      (input) => describe(account, input),
    ),
  ];
}

function describe(account: RdsAccount, { Filters, Marker, MaxRecords }: DescribeDBInstanceAutomatedBackupsMessage) {
  const own = [...account.instances.values()].filter((instance) => instance.backupRetentionPeriod > 0);
  const all = [...own.map((instance) => ofInstance(account, instance)), ...account.keptBackups.map(kept)];
  const wanted = all.filter(wantedBy(Filters, FILTERS));
  const named = wanted.map((shape) => ({ identifier: `${shape.DBInstanceIdentifier} ${shape.DbiResourceId}`, shape }));
  const { items, marker } = rules.page(named, Marker, MaxRecords);
  return { DBInstanceAutomatedBackups: items.map(({ shape }) => shape), ...(marker && { Marker: marker }) };
}

/** The window begins with the oldest automated backup, and ends where the log has been archived to. */
function ofInstance(account: RdsAccount, instance: Instance): DBInstanceAutomatedBackup {
  const earliest = account.faults.noBackups ? undefined : instance.backups.at(0)?.finishedAt;
  const latest = instance.latestRestorableTime;
  return {
    DBInstanceIdentifier: instance.identifier,
    DBInstanceArn: instance.arn,
    DbiResourceId: instance.dbiResourceId,
    Region: account.options.region,
    Status: earliest ? 'active' : 'creating',
    ...(earliest && latest && { RestoreWindow: { EarliestTime: earliest, LatestTime: latest } }),
    BackupRetentionPeriod: instance.backupRetentionPeriod,
    Encrypted: instance.kmsKeyId !== undefined,
    ...(instance.kmsKeyId && { KmsKeyId: instance.kmsKeyId }),
    InstanceCreateTime: instance.createdAt,
  };
}

function kept(backups: KeptBackups): DBInstanceAutomatedBackup {
  const { earliest, latest } = backups;
  return {
    DBInstanceIdentifier: backups.identifier,
    DBInstanceArn: backups.instanceArn,
    DbiResourceId: backups.dbiResourceId,
    Region: backups.region,
    Status: backups.status,
    ...(earliest && latest && { RestoreWindow: { EarliestTime: earliest, LatestTime: latest } }),
    ...(backups.retentionDays !== undefined && { BackupRetentionPeriod: backups.retentionDays }),
    Encrypted: backups.kmsKeyId !== undefined,
    ...(backups.kmsKeyId && { KmsKeyId: backups.kmsKeyId }),
  };
}
