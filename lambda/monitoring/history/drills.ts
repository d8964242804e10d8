import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { Evidence } from '../../../lib/private/contract/evidence';
import type { HistoryRecord } from '../../../lib/private/contract/monitoring';
import { secondsBetween } from '../../shared/clock';
import { keys } from '../../shared/keys';
import type { Store } from '../../shared/store';
import { dayOf, startOf } from './days';

/** Drills whose evidence was recorded since a day, by their day. What ended on a day was put on it or just after. */
export async function drillsSince(
  s3: S3Client,
  evidence: Store,
  bucket: string,
  day: string,
): Promise<Map<string, HistoryRecord[]>> {
  const drills = new Map<string, HistoryRecord[]>();
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: keys.chains() })) {
    for (const { Key, LastModified } of page.Contents ?? []) {
      if (!Key || !LastModified || LastModified < startOf(day)) continue;
      const found = await evidence.get<Evidence>(Key);
      if (!found) continue;
      const ended = dayOf(found.value.finishedAt);
      drills.set(ended, [...(drills.get(ended) ?? []), drillRecord(found.value, Key)]);
    }
  }
  return drills;
}

function drillRecord(evidence: Evidence, key: string): HistoryRecord {
  const { resource, verdict, drillId, startedAt, finishedAt, tables, rpo, rto, source, reasons } = evidence;
  return {
    kind: 'drill',
    resource: resource.name,
    resourceArn: source?.resourceArn,
    state: verdict,
    id: drillId,
    startedAt,
    endedAt: finishedAt,
    seconds: Math.round(secondsBetween(startedAt, finishedAt)),
    ...(tables.length > 0 && { rows: tables.reduce((sum, { rows }) => sum + rows, 0) }),
    ...(rpo.achievedSeconds !== null && { rpoSeconds: rpo.achievedSeconds }),
    ...(rto.achievedSeconds !== null && { rtoSeconds: rto.achievedSeconds }),
    ...(verdict !== 'PASSED' && { message: reasons[0] }),
    evidence: key,
  };
}
