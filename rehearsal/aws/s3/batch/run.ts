import type * as sdk from '@aws-sdk/client-s3-control';
import { AwsError } from '../../protocol/types';
import { inTheNameOf, trusts, type Allow } from '../../service-roles';
import type { KeptBucket, S3Account } from '../account';
import { bucketCheck, objectCheck } from '../checks';
import { conclude } from '../replication/replication';
import type { RuleQueue } from '../replication/rule-queue';
import type { ObjectVersion } from '../version';
import { jobArn, type BatchJob } from './job';
import { writeReport, type Row } from './report';

const SERVICE = 'batchoperations.s3.amazonaws.com';

/** One version that a job is to replicate, and by which rules. */
interface Item {
  readonly key: string;
  readonly version: ObjectVersion;
  readonly queues: readonly RuleQueue[];
}

/** Runs a job to its end with the rights of its role, and replicates with those of the bucket's. */
export function run(account: S3Account, job: BatchJob): void {
  const { input } = job;
  try {
    const allow = assumed(account, job);
    const generator = generatorOf(input);
    const source = account.find(nameOf(generator.SourceBucket));
    const items = manifest(account, source, generator, allow);
    job.total = items.length;
    if (items.length === 0) throw new AwsError('ManifestGenerationFoundNoObjects', 400, NO_OBJECTS);
    const rows = items.map((item) => initiate(account, source, item, allow));
    job.failed = rows.filter(({ error }) => error).length;
    job.succeeded = rows.length - job.failed;
    writeReport(account, job, rows, allow);
    job.status = 'Complete';
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    job.status = 'Failed';
    job.failure = { FailureCode: error.code, FailureReason: error.message };
  }
  job.endedAt = account.clock();
}

const NO_OBJECTS = 'Manifest generation found no keys matching the filter criteria.';

/** The role must trust Batch Operations. */
function assumed(account: S3Account, job: BatchJob): Allow {
  const { RoleArn = '' } = job.input;
  const role = account.options.roles?.get(RoleArn);
  if (!role || !trusts(role, SERVICE, account.place.account, jobArn(account.place, job.id))) {
    throw new AwsError('AccessDenied', 403, `Batch Operations may not assume ${RoleArn}`);
  }
  const { authorize } = account.options;
  if (!authorize) throw new Error('batch jobs need to be told what roles may do');
  return inTheNameOf({ authorize }, role);
}

export function generatorOf({ ManifestGenerator }: sdk.CreateJobCommandInput): sdk.S3JobManifestGenerator {
  return ManifestGenerator!.S3JobManifestGenerator!;
}

export function nameOf(bucketArn: string | undefined): string {
  return (bucketArn ?? '').replace(/^arn:[^:]+:s3:::/, '');
}

/** Every version that the filter lets through; of what no rule takes there is none. */
function manifest(
  account: S3Account,
  source: KeptBucket,
  { Filter = {} }: sdk.S3JobManifestGenerator,
  allow: Allow,
): Item[] {
  const { name } = source.bucket;
  allow(bucketCheck('s3:GetReplicationConfiguration', name));
  allow(bucketCheck('s3:PutInventoryConfiguration', name));
  const { ObjectReplicationStatuses: statuses, CreatedAfter: after, CreatedBefore: before } = Filter;
  const chosen = new Set<string | undefined>(statuses);
  const wanted = (version: ObjectVersion) =>
    !version.deleted &&
    (statuses === undefined || chosen.has(version.replication ?? 'NONE')) &&
    version.createdAt > (after?.getTime() ?? -Infinity) &&
    version.createdAt < (before?.getTime() ?? Infinity);
  const items: Item[] = [];
  for (const [key, history] of source.storage.from('')) {
    for (const version of history.filter(wanted)) {
      const queues = account.replication.queuesFor(name, key).filter((queue) => queue.takes(key, version));
      if (queues.length > 0) items.push({ key, version, queues });
    }
  }
  return items;
}

function initiate(account: S3Account, source: KeptBucket, { key, version, queues }: Item, allow: Allow): Row {
  const row = { bucket: source.bucket.name, key, versionId: version.versionId };
  try {
    allow(objectCheck('s3:InitiateReplication', source.bucket.name, key));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { ...row, error: { code: error.code, message: error.message } };
  }
  version.replication = 'PENDING';
  version.awaited = queues.length;
  const failures = queues.map((queue) => {
    const failure = account.replication.attempt(queue, { key, version });
    conclude(version, failure !== undefined);
    return failure;
  });
  const failure = failures.find((one) => one !== undefined);
  return { ...row, ...(failure && { error: { code: failure.code, message: failure.message } }) };
}
