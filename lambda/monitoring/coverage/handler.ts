import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { DrillDefinition } from '../../../lib/private/contract/drill';
import type { CoverageReport } from '../../../lib/private/contract/history';
import { now } from '../../shared/clock';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { log } from '../../shared/log';
import { metric } from '../../shared/metrics';
import { Store } from '../../shared/store';
import { unprotectedMessage } from '../messages/unprotected';
import { send } from '../messages/send';
import { monitorDefinitions } from '../registry';
import { buckets, databases } from './account';
import { newcomers } from './newcomers';
import { uncovered } from './uncovered';

/** The input of its schedule. */
export interface CoverageInput {
  readonly exclude: readonly string[];
  /** Whether buckets are looked at too. */
  readonly buckets: boolean;
  /** Who is told; topic ARNs by severity. */
  readonly alerts: DrillDefinition['alerts'];
}

const rds = new RDSClient();
const s3 = new S3Client();
const scheduler = new SchedulerClient();
const state = new Store(required('STATE_BUCKET'), s3);

/**
 * Counts and names what is under no plan of the site. The alarm on the count tells of the first; of what joins while that alarm
 * is raised nobody else would.
 */
export const handler = async (input: CoverageInput): Promise<{ readonly unprotected: readonly string[] }> => {
  const prefix = required('PREFIX');
  const registry = { group: required('SCHEDULE_GROUP'), prefix };
  const definitions = await monitorDefinitions(scheduler, registry);
  const found = [...(await databases(rds)), ...(input.buckets ? await buckets(s3, required('AWS_REGION')) : [])];
  const own = [required('STATE_BUCKET'), required('EVIDENCE_BUCKET')];
  const open = uncovered(found, { definitions, prefix, exclude: input.exclude, own });
  const before = (await state.get<CoverageReport>(keys.coverage()))?.value;
  const at = now();
  const report: CoverageReport = {
    schema: 'cdk-recoverable/coverage/v1',
    site: required('SITE'),
    region: required('AWS_REGION'),
    at,
    looked: found.length,
    unprotected: open.map(({ kind, identifier }) => ({
      kind,
      identifier,
      since: before?.unprotected.find((one) => one.kind === kind && one.identifier === identifier)?.since ?? at,
    })),
  };
  metric(report.site, 'site', { Unprotected: [open.length, 'Count'] });
  const joined = newcomers(report, before);
  if (joined.length > 0) await send(unprotectedMessage(report, joined), input.alerts);
  await state.put(keys.coverage(), report);
  log.info('coverage', { looked: found.length, unprotected: open.length });
  return { unprotected: open.map(({ identifier }) => identifier) };
};
