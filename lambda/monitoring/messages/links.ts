import type { WatchedResource } from '../../../lib/private/contract/monitoring';
import type { Message } from './message';

type Link = Message['links'][number];

/** What a person is to do, where the plan names no page of its own. */
const PAGE = 'https://github.com/cdk-recoverable/cdk-recoverable/blob/main/docs/alarms.md';

/** Sections of that page; a test holds that each exists. */
export const ANCHORS = [
  'not-recoverable',
  'not-proven',
  'monitor-silent',
  'drill-failed',
  'leftovers',
  'unprotected',
  'job-failed',
  'existing-objects',
  'backups-disabled',
  'snapshot-shared',
  'deletion-attempted',
  'foreign-restore',
  'finding',
  'alarm',
] as const;

export type Anchor = (typeof ANCHORS)[number];

export function runbook(given: string | undefined, anchor: Anchor): Link {
  return { label: 'What to do', url: given ?? `${PAGE}#${anchor}` };
}

/** Pages of the AWS console, which has another address in each partition. */
export const consoleOf = {
  resource: (region: string, kind: WatchedResource['kind'], identifier: string): Link =>
    kind === 'bucket'
      ? { label: 'Bucket', url: at(region, 's3').replace('/home?', `/buckets/${encodeURIComponent(identifier)}?`) }
      : {
          label: 'Database',
          url: `${at(region, 'rds')}#database:id=${encodeURIComponent(identifier)};is-cluster=${kind === 'db-cluster'}`,
        },
  snapshots: (region: string): Link => ({ label: 'Snapshots', url: `${at(region, 'rds')}#snapshots-list:` }),
  jobs: (region: string, kind: 'backup' | 'copy' | 'restore'): Link => ({
    label: `${kind[0].toUpperCase()}${kind.slice(1)} jobs`,
    url: `${at(region, 'backup')}#/jobs/${kind}`,
  }),
  vault: (region: string, name: string): Link => ({
    label: 'Vault',
    url: `${at(region, 'backup')}#/backupvaults/details/${encodeURIComponent(name)}`,
  }),
  alarm: (region: string, name: string): Link => ({
    label: 'Alarm',
    url: `${at(region, 'cloudwatch')}#alarmsV2:alarm/${encodeURIComponent(name)}`,
  }),
  trail: (region: string, eventId: string): Link => ({
    label: 'Who did it',
    url: `${at(region, 'cloudtrailv2')}#/events/${encodeURIComponent(eventId)}`,
  }),
};

function at(region: string, service: string): string {
  const domain = region.startsWith('cn-')
    ? 'console.amazonaws.cn'
    : region.startsWith('us-gov-')
      ? 'console.amazonaws-us-gov.com'
      : 'console.aws.amazon.com';
  return `https://${region}.${domain}/${service}/home?region=${region}`;
}
