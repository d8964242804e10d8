import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { MonitorDefinition, MonitorReport } from '../../../lib/private/contract/monitoring';
import { keys } from '../../../lambda/shared/keys';
import { nameOf } from '../../../lambda/shared/named-error';
import { Store } from '../../../lambda/shared/store';
import type { ClientOptions } from '../account/account';
import { monitorsOf } from '../account/monitors';
import { type FoundSchedule, type FoundSite, sitesNamed } from '../account/sites';

/** A shard as its schedule defines it, and what its monitor last reported. */
export interface ReadShard {
  readonly shard: string;
  readonly schedule?: FoundSchedule;
  readonly definition?: MonitorDefinition;
  readonly report?: MonitorReport;
  /** Why the report cannot be read, in AWS's words or ours. */
  readonly unread?: string;
}

export interface ReadSite {
  readonly site: string;
  readonly shards: readonly ReadShard[];
}

const SCHEMA = 'cdk-recoverable/monitor-report/v1';

/** A bucket that may not be listed, or is gone, which every report in it says by itself. */
const UNSEEN = new Set(['AccessDenied', 'NoSuchBucket']);

/** Everything that the monitors of an account in one Region are told, and what they reported. */
export async function readSites(
  scheduler: SchedulerClient,
  client: ClientOptions,
  site: string | undefined,
  signal: AbortSignal,
): Promise<ReadSite[]> {
  const s3 = new S3Client(client);
  const found: ReadSite[] = [];
  for (const one of await sitesNamed(scheduler, site)) {
    signal.throwIfAborted();
    found.push({ site: one.site, shards: await shardsOf(scheduler, s3, one, signal) });
  }
  return found;
}

async function shardsOf(
  scheduler: SchedulerClient,
  s3: S3Client,
  site: FoundSite,
  signal: AbortSignal,
): Promise<ReadShard[]> {
  const scheduled = await monitorsOf(scheduler, site);
  const shards = scheduled.map(async ({ schedule, definition }): Promise<ReadShard> => {
    const { shard, stateBucket } = definition;
    return { shard, schedule, definition, ...(await readReport(new Store(stateBucket, s3), shard)) };
  });
  signal.throwIfAborted();
  const known = await Promise.all(shards);
  const buckets = new Set(scheduled.map(({ definition }) => definition.stateBucket));
  const left = [...buckets].map((bucket) => unscheduled(s3, bucket, new Set(known.map(({ shard }) => shard))));
  return [...known, ...(await Promise.all(left)).flat()];
}

async function readReport(state: Store, shard: string): Promise<Pick<ReadShard, 'report' | 'unread'>> {
  try {
    const found = await state.get<MonitorReport>(keys.report(shard));
    if (!found) return {};
    if (isReport(found.value)) return { report: found.value };
    const schema = JSON.stringify((found.value as Partial<MonitorReport> | null)?.schema) ?? 'no schema';
    return { unread: `it is written in ${schema}, and this version reads ${SCHEMA}` };
  } catch (error) {
    return { unread: error instanceof SyntaxError ? 'it is no JSON' : `${nameOf(error)}: ${(error as Error).message}` };
  }
}

function isReport(value: MonitorReport | null): value is MonitorReport {
  return value?.schema === SCHEMA && [value.resources, value.tagged, value.findings].every(Array.isArray);
}

/** Reports whose schedule is gone; whoever may not list sees what is scheduled alone. */
async function unscheduled(s3: S3Client, bucket: string, known: ReadonlySet<string>): Promise<ReadShard[]> {
  const folder = keys.report('').replace(/[^/]*$/, '');
  const listed = await s3
    .send(new ListObjectsV2Command({ Bucket: bucket, Prefix: folder }))
    .catch((error: unknown) => (UNSEEN.has(nameOf(error)) ? undefined : Promise.reject(error)));
  const shards = (listed?.Contents ?? [])
    .map(({ Key = '' }) => Key.slice(folder.length).replace(/\.json$/, ''))
    .filter((shard) => !known.has(shard));
  return Promise.all(shards.map(async (shard) => ({ shard, ...(await readReport(new Store(bucket, s3), shard)) })));
}
