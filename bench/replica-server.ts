import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAuthorize, RehearsedS3, startAws, type Filling } from '../rehearsal/aws';

/*
 * The rehearsed S3 in a process of its own: a bucket and its replica in another Region, each with so many objects of a
 * kilobyte. Tells its address, then, whenever it is asked, how many requests there were since it was asked before.
 */

const [objects] = process.argv.slice(2).map(Number);
const ACCOUNT = '111122223333';
const WRITTEN = new Date('2026-01-01T00:00:00Z');
const body = Buffer.alloc(1024, 'x');

const folder = mkdtempSync(path.join(tmpdir(), 'bench-replica-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('disconnect', () => process.exit(0));

function bucketIn(region: string, name: string) {
  const s3 = new RehearsedS3({ region, account: ACCOUNT, directory: path.join(folder, region), buckets: [{ name }] });
  s3.fill(name, fillings());
  return { services: [s3.service()], authorize: createAuthorize({ region }) };
}

function* fillings(): Generator<Filling> {
  for (let index = 0; index < objects; index++) {
    yield {
      key: `uploads/2026/${String(index).padStart(9, '0')}.jpg`,
      size: body.length,
      read: () => body,
      at: WRITTEN,
    };
  }
}

async function serve(): Promise<void> {
  const everything = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } as const;
  const caller = { arn: `arn:aws:iam::${ACCOUNT}:role/bench`, policies: [everything] };
  const home = bucketIn('eu-west-1', 'source-of-bench');
  const there = bucketIn('eu-central-1', 'replica-of-bench');
  const aws = await startAws({
    ...home,
    region: 'eu-west-1',
    elsewhere: new Map([['eu-central-1', there]]),
    principals: new Map([['AKIABENCH', caller]]),
  });
  const calls = aws.calls as unknown as { error?: string }[];
  process.on('message', () => {
    const failed = calls.filter(({ error }) => error !== undefined).length;
    process.send!({ requests: calls.length, failed, problems: aws.problems.map(String) });
    calls.length = 0;
  });
  process.send!({ url: aws.url });
}

void serve();
