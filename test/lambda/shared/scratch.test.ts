import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { removeSince } from '../../../lambda/shared/scratch';
import { RehearsedS3, type RunningAws } from '../../../rehearsal/aws';
import { clientOf, place, start } from '../../rehearsal/aws/support';

/* What AWS Backup restored carries no mark of ours: place and time alone say whose it is. */

const directory = mkdtempSync(join(tmpdir(), 'scratch-'));
const time = { now: Date.parse('2026-03-01T12:00:00Z') };
const s3 = new RehearsedS3({
  ...place,
  directory,
  buckets: [{ name: 'restored' }],
  clock: () => new Date(time.now),
});
let aws: RunningAws;
let client: S3Client;
beforeAll(async () => {
  aws = await start([s3.service()]);
  client = new S3Client(clientOf(aws));
});
afterAll(async () => {
  client.destroy();
  await aws.close();
  rmSync(directory, { recursive: true });
  expect(aws.problems).toEqual([]);
});

const put = (key: string) => s3.put('restored', key, 'x');
const since = () => new Date(time.now).toISOString();
const remove = (prefix: string, from: string) => removeSince(client, { bucket: 'restored', prefix, since: from });

test('what is older than the restore, or not under its prefix, stays; the rest goes with every version', async () => {
  // More than a page of what is not ours, in front of what is.
  for (let i = 0; i < 1_050; i++) put(`invoices/${String(i).padStart(5, '0')}`);
  put('invoices/both');
  time.now += 2_000;
  const from = since();
  put('invoices/both');
  put('invoices/two\nlines');
  put('invoices/ünï +%41');
  put('photos/1');
  await client.send(new DeleteObjectCommand({ Bucket: 'restored', Key: 'invoices/ünï +%41' }));
  expect(await remove('invoices/', from)).toBe(true);
  expect(await remove('invoices/', from)).toBe(false);
  expect(s3.keys('restored')).toHaveLength(1_052);
  expect(s3.versions('restored', 'invoices/both')).toHaveLength(1);
  expect(s3.keys('restored')).toContain('photos/1');
  expect(await remove('', from)).toBe(true);
  expect(s3.keys('restored')).toHaveLength(1_051);
});

test('the second of the restore is its own: S3 lists no milliseconds', async () => {
  time.now = Date.parse('2026-03-02T12:00:00.900Z');
  put('same-second');
  expect(await remove('same', '2026-03-02T12:00:00.950Z')).toBe(true);
});
