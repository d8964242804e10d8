import { keys } from '../../lambda/shared/keys';
import type { Evidence } from '../../lib/private/contract/evidence';
import type { RunningExecution } from '../machine/machine';
import type { RehearsedSite } from './site';

export interface DrillRecord {
  readonly evidence: Evidence;
  /** As it is in the evidence bucket. */
  readonly json: string;
  readonly page: string;
}

/** What an execution that has ended left in the evidence bucket of its site. */
export function recordOf(site: RehearsedSite, resource: string, running: RunningExecution): DrillRecord {
  const { execution, failures } = running;
  const bucket = site.evidenceBucket();
  const chain = site.keys(bucket).filter((one) => one.startsWith(keys.chain(resource)));
  for (const key of chain.reverse()) {
    const json = site.read(bucket, key);
    const evidence = JSON.parse(json) as Evidence;
    if (evidence.execution !== execution.arn) continue;
    return { evidence, json, page: site.read(bucket, keys.page(resource, evidence.sequence)) };
  }
  throw new Error(
    `the execution ended ${execution.status} and left no evidence: ${failures.at(-1) ?? 'no function failed'}`,
  );
}
