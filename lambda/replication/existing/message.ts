import type { ExistingObjectsDefinition } from '../../../lib/private/contract/existing';
import { runbook } from '../../monitoring/messages/links';
import type { Message } from '../../monitoring/messages/message';
import type { JobRecord } from './record';

/** How a job ended: for reading where all is replicated, else work for the next day. */
export function ended(
  site: string,
  functionName: string,
  definition: ExistingObjectsDefinition,
  record: JobRecord,
): Message {
  const { resource, plan, owner, region, reports } = definition;
  const { job = '', status, why, objects = { total: 0, replicated: 0, failed: 0 } } = record;
  const good = status === 'Complete' && objects.failed === 0;
  const bucket = reports.bucketArn.split(':').at(-1);
  const report = `s3://${bucket}/${reports.prefix}/job-${job}/`;
  const again = `invoke function ${functionName} with {"resource": "${resource}", "reason": "<why>"}`;
  return {
    severity: good ? 'digest' : 'ticket',
    state: 'raised',
    cause: `existing objects ${resource} ${job}`,
    title: `${resource}: ${good ? 'older objects are replicated' : 'older objects are not all replicated'}`.slice(
      0,
      79,
    ),
    what: good
      ? `${count(objects.replicated)} of ${resource} that were older than its replication are in the replica now (job ${job}).`
      : `Job ${job}, which replicates objects of ${resource} that are older than its replication, ended ${status ?? 'unknown'}: ${count(objects.replicated)} replicated, ${objects.failed} failed${why ? `; S3 says: ${why}` : ''}.`,
    since: record.endedAt ?? record.requestedAt,
    means: good
      ? 'They are not lost with the Region any more.'
      : 'What was not replicated has no replica and is lost with the Region; nothing tries it again by itself.',
    nextStep: good ? 'Nothing is to be done.' : `Read the report below ${report}, mend the cause, then ${again}.`,
    links: [runbook(definition.runbook, 'existing-objects')],
    site,
    region,
    plan,
    owner,
    resources: [resource],
  };
}

/** S3 takes no job, whatever it is tried. */
export function notAsked(
  site: string,
  { resource, plan, owner, region, runbook: page }: ExistingObjectsDefinition,
  { requestedAt, asked }: JobRecord,
  error: unknown,
): Message {
  const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    severity: 'ticket',
    state: 'raised',
    cause: `existing objects ${resource} ${asked.token}`,
    title: `${resource}: older objects wait for replication`.slice(0, 79),
    what: `S3 takes no job that would replicate objects of ${resource} that are older than its replication: ${why}.`,
    since: requestedAt,
    means: 'They have no replica and are lost with the Region.',
    nextStep:
      'Mend what S3 names, mostly a right that the function or the role of the job lacks; the job is asked for again by itself.',
    links: [runbook(page, 'existing-objects')],
    site,
    region,
    plan,
    owner,
    resources: [resource],
  };
}

function count(objects: number): string {
  return `${objects.toLocaleString('en-US')} object${objects === 1 ? '' : 's'}`;
}
