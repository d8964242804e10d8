import type { CheckDefinition, CheckResult } from '../../../../lib/private/contract/checks';
import type { BucketDefinition, FilesResult } from '../../../../lib/private/contract/files';
import type { FilesAnswer, FilesRequest } from '../../../../lambda/drill/files/contract';
import { conclude, type Observation } from '../../../../lambda/verification/engine';
import { questionOf, type Cursor } from '../../../../lambda/verification/files/engine';
import type { FilesCheck } from '../../../../lambda/verification/files/judgement';
import type { FileRow } from '../../../../lambda/verification/files/question';
import type { Statement } from '../../../../rehearsal/aws';
import { region } from '../../../rehearsal/aws/support';
import {
  deployed,
  openRegions,
  rolesOf,
  SOURCE,
  THERE,
  type Changes,
  type Regions,
} from '../../../rehearsal/aws/s3/replicated';

/** Older objects have to be in the replica, seconds: twice what Replication Time Control promises. */
export const LAG = 1_800;
const CALLER = 'AKIAFILES';

export interface Looked {
  readonly check: CheckResult;
  readonly files: FilesResult | undefined;
  readonly rounds: number;
}

export interface FilesSite extends Regions {
  readonly bucket: BucketDefinition;
  /** Asks the files function in rounds, as Verify does, and draws the conclusions that evidence holds. */
  look(check: Partial<FilesCheck> & Pick<FilesCheck, 'kind'>, more?: Asking): Promise<Looked>;
}

export interface Asking {
  readonly budgetMs?: number;
  readonly rows?: readonly Omit<FileRow, 'stratum'>[];
  readonly restorePoint?: string;
}

/** Both Regions over HTTP, and the files function of the site of the replica under its role of the synthesized template. */
export async function openFiles(
  changes: Changes = {},
  rights: (statement: Statement) => boolean = () => true,
): Promise<FilesSite> {
  const { there } = deployed(changes.options);
  const roles = rolesOf(there, rights);
  const arn = [...roles.keys()].find((one) => /FunctionsFilesRole/.test(one));
  const regions = await openRegions({ ...changes, callers: { [CALLER]: roles.get(arn!)!.principal } });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: regions.aws.url,
    AWS_ACCESS_KEY_ID: CALLER,
    AWS_SECRET_ACCESS_KEY: 'not checked here',
    AWS_REGION: THERE,
    AWS_MAX_ATTEMPTS: '3',
    AWS_RETRY_MODE: 'standard',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  jest.resetModules();
  const { handler } = (await import('../../../../lambda/drill/files/handler')) as {
    handler: (request: FilesRequest) => Promise<FilesAnswer>;
  };
  const { properties } = regions.there.all('AWS::S3::Bucket').find(({ name }) => name === regions.replica)!;
  const encryption = JSON.stringify(properties.BucketEncryption);
  const keyArn = /arn:aws:kms:[^"]+/.exec(encryption)![0];
  const bucket: BucketDefinition = {
    name: 'Gold/Uploads',
    bucket: SOURCE,
    region,
    replica: { bucket: regions.replica, region: THERE, keyArn, lagSeconds: LAG, deleteMarkers: false },
  };
  const look: FilesSite['look'] = async (partial, { budgetMs = 60_000, rows, restorePoint } = {}) => {
    const now = new Date(regions.time.now).toISOString();
    const check = {
      id: 'files',
      bucket,
      sample: { fraction: 0.01, confidence: 0.99 },
      sql: 'select',
      ...partial,
    } as FilesCheck;
    const plan = {
      engine: 's3',
      checks: [check as CheckDefinition],
      withoutChecks: [],
      content: false,
      seed: '5eed',
    } as const;
    const asked = { ...plan, restorePoint: restorePoint ?? now };
    const seen: Observation[] = rows ? [rowsSeen(rows, now)] : [];
    let cursor: Cursor | null = null;
    for (let rounds = 1; ; rounds++) {
      const request: FilesRequest = { question: questionOf(check, asked, seen, now, cursor), cursor, budgetMs };
      // The function's clock shows the time at which the objects are as old as they say.
      const clock = jest.spyOn(Date, 'now').mockImplementation(() => regions.time.now);
      const answer = through(await handler(through(request)).finally(() => clock.mockRestore()));
      cursor = answer.cursor;
      if (cursor) continue;
      seen.push({ probe: 'files', database: '', path: ['files'], finishedAt: now, found: answer.finding });
      const { checks, files } = conclude(asked, seen, {});
      return { check: checks[0], files: files[0], rounds };
    }
  };
  return { ...regions, bucket, look };
}

function rowsSeen(sampled: readonly Omit<FileRow, 'stratum'>[], finishedAt: string): Observation {
  const found = { rows: sampled.length, unnamed: 0, sampled, all: true };
  return { probe: 'file-rows', database: 'shop', path: ['files', 'random', '000'], finishedAt, found };
}

/** As a payload of Lambda, which here is to hold a megabyte at most. */
function through<T>(value: T): T {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > 1_000_000) throw new Error(`a payload of ${Buffer.byteLength(text)} bytes`);
  return JSON.parse(text) as T;
}
