import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MonitorDefinition } from '../../../../lib/private/contract/monitoring';
import { RehearsedS3, RehearsedScheduler, type PolicyDocument } from '../../../../rehearsal/aws';
import { account, keyArn, place, region, role, start } from '../../aws/support';

export const PREFIX = 'rcv-acme-1a2b3c4d-';
export const FUNCTION = `arn:aws:lambda:${region}:${account}:function:${PREFIX}`;

/** What the example gives whoever looks. */
function looker(): PolicyDocument {
  const text = readFileSync(path.resolve(__dirname, '../../../../examples/status/role-policy.json'), 'utf8');
  const filled = text
    .replaceAll('REGION', region)
    .replaceAll('ACCOUNT', account)
    .replaceAll('STATE_BUCKET', 'state')
    .replaceAll('SITE_KEY_ARN', keyArn);
  return JSON.parse(filled) as PolicyDocument;
}

export interface Shard {
  /** Absent: nothing is scheduled. */
  readonly definition?: MonitorDefinition;
  readonly disabled?: boolean;
  /** A report, or any other text. */
  readonly report?: object | string;
}

/** An account with one site, what its monitors are told and what they reported. */
export async function openMonitored(shards: readonly Shard[], sites: readonly string[] = [PREFIX]) {
  const directory = mkdtempSync(path.join(tmpdir(), 'monitored-'));
  const s3 = new RehearsedS3({ ...place, directory, buckets: [{ name: 'state', kmsKeyArn: keyArn }] });
  for (const { report, definition } of shards) {
    if (report === undefined) continue;
    const shard = definition?.shard ?? (report as { shard: string }).shard;
    s3.put('state', `monitor/${shard}.json`, typeof report === 'string' ? report : JSON.stringify(report));
  }
  const target = (arn: string, input: object) => ({ arn, roleArn: 'arn:y', input: JSON.stringify(input) });
  const schedules = sites.flatMap((prefix) => {
    const group = `${prefix}drills`;
    return [
      { name: 'sweeper', group, expression: 'rate(1 hour)', target: target(`${FUNCTION}sweep`, {}) },
      // What is no monitor's need not even be readable.
      { name: 'weekly', group, expression: 'rate(7 days)', target: target('arn:aws:states:x', { definition: 1 }) },
      ...shards.flatMap(({ definition, disabled }) =>
        definition === undefined
          ? []
          : [
              {
                ...{ name: `monitor-${definition.shard}`, group, expression: 'rate(5 minutes)' },
                ...(disabled && { state: 'DISABLED' as const }),
                target: target(`${FUNCTION}monitor`, definition),
              },
            ],
      ),
    ];
  });
  const scheduler = new RehearsedScheduler({ ...place, schedules });
  const aws = await start([s3.service(), scheduler.service()], {
    AKIALOOKER: role('looker', looker()),
    AKIANOBODY: role('nobody'),
  });
  return {
    aws,
    environment: {
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: 'AKIALOOKER',
      AWS_SECRET_ACCESS_KEY: 'not checked here',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '1',
    },
    close: async () => {
      await aws.close();
      rmSync(directory, { recursive: true, force: true });
      expect(aws.problems).toEqual([]);
    },
  };
}
