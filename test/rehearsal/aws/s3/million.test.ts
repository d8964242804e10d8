import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { RehearsedS3, type Filling } from '../../../../rehearsal/aws';
import { compareKeys } from '../../../../rehearsal/aws/s3/key-order';
import { clientOf, place, start } from '../support';

/*
 * A million keys: each page costs what a page costs, wherever it begins, and what is kept of an object is its facts alone. The
 * numbers are generous to slow machines; what they were is printed.
 */

const KEYS = 1_000_000;
const BYTES_PER_KEY = 1200;

function* files(most = KEYS): Generator<Filling> {
  const bytes = Buffer.from('the same bytes for all of them');
  for (let i = 0; i < most; i++) {
    // In no order: what comes last belongs anywhere.
    const place = (i * 7_368_787) % KEYS;
    yield { key: `files/${String(place).padStart(7, '0')}`, size: bytes.length, read: () => bytes };
  }
}

test('a million keys fit in memory, and a page of them takes no longer than one of a thousand', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'aws-s3-million-'));
  const s3 = new RehearsedS3({ ...place, directory, buckets: [{ name: 'files' }, { name: 'few' }] });
  const before = process.memoryUsage.rss();
  const begun = Date.now();
  s3.fill('files', files());
  const filledMs = Date.now() - begun;
  const bytes = (process.memoryUsage.rss() - before) / KEYS;
  const aws = await start([s3.service()]);
  const client = new S3Client(clientOf(aws));
  // The best of three: the machine may be busy.
  const page = async (StartAfter: string, Bucket = 'files') => {
    const tries: number[] = [];
    let keys: string[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const from = performance.now();
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket, StartAfter }));
      tries.push(performance.now() - from);
      keys = Contents!.map(({ Key }) => Key!);
    }
    return { ms: Math.min(...tries), keys };
  };
  s3.fill('few', files(1000));
  const { ms: ofFew } = await page('', 'few');
  const times: number[] = [];
  for (const at of [0, 250_000, 500_000, 998_000]) {
    const { ms, keys } = await page(`files/${String(at).padStart(7, '0')}`);
    expect([keys.length, keys[0], keys.at(-1)]).toEqual([1000, ...[at + 1, at + 1000].map(name)]);
    times.push(ms);
  }
  const grouped = await client.send(new ListObjectsV2Command({ Bucket: 'files', Delimiter: '/' }));
  expect(grouped).toMatchObject({ CommonPrefixes: [{ Prefix: 'files/' }], KeyCount: 1 });
  const versions = await client.send(new ListObjectVersionsCommand({ Bucket: 'files', KeyMarker: name(999_998) }));
  expect(versions.Versions).toMatchObject([{ Key: name(999_999), IsLatest: true }]);
  client.destroy();
  await aws.close();
  rmSync(directory, { recursive: true });
  process.stdout.write(
    `a million keys: ${filledMs} ms to fill, ${Math.round(bytes)} bytes each, pages in ${times.map(Math.round).join(', ')} ms\n`,
  );
  expect(bytes).toBeLessThan(BYTES_PER_KEY);
  // A page of a million takes about as long as a page of a thousand: nothing is sorted for it.
  expect(Math.max(...times) / ofFew).toBeLessThan(10);
}, 120_000);

const name = (place: number) => `files/${String(place).padStart(7, '0')}`;

test('keys are in the order of their UTF-8 bytes', () => {
  const keys = ['', 'a', 'a/', 'a!', 'aa', 'ä', '\uffff', '\ue000', '\ud7ff', '💾', '\u{10ffff}', 'Z', '~', '日本'];
  const bytes = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect([...keys].sort(compareKeys)).toEqual(bytes);
});
