import { createHash } from 'node:crypto';
import type { Allow } from '../../service-roles';
import type { S3Account } from '../account';
import { defaultOf } from '../encryption';
import { writeChecks, store } from '../writing';
import type { BatchJob } from './job';
import { nameOf } from './run';

/** What became of one version. */
export interface Row {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly error?: { readonly code: string; readonly message: string };
}

const SCHEMA = 'Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage';

/** Writes what a job did where it was asked to, with the rights of its role: a manifest, and a table for each kind of end. */
export function writeReport(account: S3Account, { id, input }: BatchJob, rows: readonly Row[], allow: Allow): void {
  const { Enabled, Bucket, Prefix, ReportScope } = input.Report!;
  if (!Enabled) return;
  const kept = account.find(nameOf(Bucket));
  const { name } = kept.bucket;
  const folder = `${Prefix ? `${Prefix.replace(/\/$/, '')}/` : ''}job-${id}`;
  const write = (key: string, text: string) => {
    writeChecks(account, { Bucket: name, Key: key }).forEach(allow);
    account.requireUsable(defaultOf(kept.bucket));
    store(kept, key, { content: Buffer.from(text), encryption: defaultOf(kept.bucket) });
  };
  const kinds = [
    { status: 'failed', rows: rows.filter(({ error }) => error) },
    { status: 'succeeded', rows: ReportScope === 'FailedTasksOnly' ? [] : rows.filter(({ error }) => !error) },
  ];
  const Results = kinds
    .filter((kind) => kind.rows.length > 0)
    .map((kind) => {
      const text = kind.rows.map((row) => csv(row, kind.status)).join('');
      const MD5Checksum = createHash('md5').update(text).digest('hex');
      const Key = `${folder}/results/${MD5Checksum}.csv`;
      write(Key, text);
      return { TaskExecutionStatus: kind.status, Bucket: name, MD5Checksum, Key };
    });
  const manifest = { Format: 'Report_CSV_20180820', ReportCreationDate: account.clock().toISOString(), Results };
  write(`${folder}/manifest.json`, JSON.stringify({ ...manifest, ReportSchema: SCHEMA }));
}

/** Keys are percent-encoded in it. */
function csv({ bucket, key, versionId, error }: Row, status: string): string {
  const cells = [bucket, encodeURIComponent(key).replaceAll('%2F', '/'), versionId, status];
  const ended = error ? [error.code, '403', error.message] : ['', '200', 'Successful'];
  return `${[...cells, ...ended].map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;
}
