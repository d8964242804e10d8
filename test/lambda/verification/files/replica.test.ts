import {
  answer,
  FileError,
  type Bucket,
  type Cursor,
  type FilesFinding,
  type ReplicaQuestion,
} from '../../../../lambda/verification/files/engine';
import { judgeReplica } from '../../../../lambda/verification/checks/replica';
import { MadeBucket } from './memory-bucket';

const REPLICA = { bucket: 'replica', region: 'b', lagSeconds: 60, deleteMarkers: false };
const QUESTION: ReplicaQuestion = {
  kind: 'replica',
  bucket: { name: 'gold/uploads', bucket: 'source', region: 'a', replica: REPLICA },
  sample: { fraction: 0.01, confidence: 0.99 },
  seed: '5eed',
  reference: '2026-02-01T00:00:00.000Z',
};

async function ask(
  source: Bucket,
  replica: Bucket,
  question = QUESTION,
  budgetMs = 600_000,
  onRound = (_: Cursor) => {},
  now = () => Date.parse(QUESTION.reference),
) {
  let cursor: Cursor | null = null;
  for (let rounds = 1; ; rounds++) {
    const open = ({ bucket }: { bucket: string }) => (bucket === 'source' ? source : replica);
    const round = await answer(question, open, cursor, Date.now() + budgetMs, now);
    cursor = JSON.parse(JSON.stringify(round.cursor)) as Cursor | null;
    if (!cursor) return { finding: round.finding as FilesFinding, rounds };
    onRound(cursor);
  }
}

test('a million objects: memory and cursor do not grow with their number', async () => {
  const seen: number[] = [];
  const measure = setInterval(() => seen.push(process.memoryUsage().heapUsed), 20);
  global.gc?.();
  const before = process.memoryUsage().heapUsed;
  const replica = new MadeBucket(1_000_000, (index) => index % 250_000 !== 7);
  let largest = 0;
  const { finding, rounds } = await ask(new MadeBucket(1_000_000), replica, QUESTION, 2_000, (cursor) => {
    largest = Math.max(largest, JSON.stringify(cursor).length);
  });
  clearInterval(measure);
  expect(finding).toMatchObject({ population: 1_000_000, counts: { problems: { missing: 4 } } });
  expect(finding.counts.chance.looked).toBe(459);
  expect(rounds).toBeGreaterThan(1);
  expect(largest).toBeLessThan(60_000);
  expect(Math.max(...seen) - before).toBeLessThan(150 * 1024 * 1024);
}, 240_000);

test('of a million missing objects a thousand are asked for their status, and all are counted', async () => {
  const source = new MadeBucket(20_000);
  const { finding } = await ask(source, new MadeBucket(0));
  expect(finding.counts.problems).toEqual({ missing: 20_000 });
  expect(finding.counts.unasked).toBe(19_000);
  expect(source.heads).toBe(1_000);
  expect(finding.counts.examples).toHaveLength(20);
});

test('a bucket that is gone holds nothing', async () => {
  const gone = new MadeBucket(0);
  gone.list = () => Promise.reject(new FileError('missing', 'no such bucket'));
  gone.listVersions = () => Promise.reject(new FileError('missing', 'no such bucket'));
  expect((await ask(new MadeBucket(30), gone)).finding.counts.problems).toEqual({ missing: 30 });
  const { finding } = await ask(gone, new MadeBucket(30));
  expect(finding).toMatchObject({ trouble: 'no such bucket', counts: { problems: {} } });
});

test('a cluster of missing newest objects is found, and completeness ends before it', async () => {
  const { finding } = await ask(new MadeBucket(5_000), new MadeBucket(5_000, (index) => index < 4_990, 'replica'));
  expect(finding.counts.problems).toEqual({ missing: 10 });
  expect(finding.completeUntil).toBe(new Date(Date.parse('2026-01-01T00:00:00Z') + 4_990 - 1000).toISOString());
});

test('a replica that lags while it is compared is behind by what lacks then, not by what lacked at the beginning', async () => {
  const [MINUTE, reference] = [60_000, Date.parse(QUESTION.reference)];
  // One object a minute, until long after the question; a survey later, all but those of twelve minutes have arrived.
  const asked = reference + 15 * MINUTE;
  const minutely = (lag: number) => {
    const bucket = new MadeBucket(1_000, (index) => index * MINUTE <= 900 * MINUTE - lag);
    const list = bucket.list.bind(bucket);
    const modifiedOf = (key: string) => asked - (900 - Number(key.slice(2))) * MINUTE;
    bucket.list = async (after) => {
      const { objects, more } = await list(after);
      return { objects: objects.map((one) => ({ ...one, modified: modifiedOf(one.key) })), more };
    };
    const head = bucket.head.bind(bucket);
    bucket.head = async (key) => ({ ...(await head(key)), modified: modifiedOf(key) });
    return bucket;
  };
  const question = { ...QUESTION, bucket: { ...QUESTION.bucket, replica: { ...REPLICA, lagSeconds: 1_800 } } };
  const until = async (lag: number) => {
    const { finding } = await ask(
      minutely(0),
      minutely(lag),
      question,
      600_000,
      () => {},
      () => asked,
    );
    expect(finding.counts).toMatchObject({ problems: {}, changed: 0 });
    return finding.completeUntil;
  };
  expect(await until(12 * MINUTE)).toBe(new Date(reference - 11 * MINUTE - 1000).toISOString());
  expect(await until(0)).toBe(QUESTION.reference);
});

test('what was overwritten and replicated while it was compared is no problem; a newer copy of another size is', async () => {
  const later = { size: 200, modified: Date.parse('2026-01-20T00:00:00Z') };
  const newer = (bucket: MadeBucket, from: number) => {
    const [list, head] = [bucket.list.bind(bucket), bucket.head.bind(bucket)];
    const isNewer = (key: string) => Number(key.slice(2)) >= from;
    bucket.list = async (after) => {
      const { objects, more } = await list(after);
      return { objects: objects.map((one) => (isNewer(one.key) ? { ...one, ...later } : one)), more };
    };
    bucket.head = async (key) => ({ ...(await head(key)), ...(isNewer(key) && later) });
    return bucket;
  };
  const source = newer(new MadeBucket(5_000), 4_990);
  const old = new MadeBucket(5_000);
  source.list = old.list.bind(old);
  const raced = await ask(source, newer(new MadeBucket(5_000), 4_990));
  expect(raced.finding.counts).toMatchObject({ problems: {}, changed: 10 });
  const written = await ask(new MadeBucket(5_000), newer(new MadeBucket(5_000), 4_990));
  expect(written.finding.counts).toMatchObject({ problems: { size: 10 }, changed: 0 });
  expect(written.finding.counts.examples[0].detail).toBe('200 bytes instead of 100');
  const many = new MadeBucket(5_000);
  expect((await ask(many, newer(new MadeBucket(5_000), 0))).finding.counts.problems).toEqual({ size: 5_000 });
  expect(many.heads).toBe(1_000);
});

test('objects that no rule ever took are older than it, and those newer than the replica are late', async () => {
  const source = new MadeBucket(100, () => true, 'none');
  const { finding } = await ask(source, new MadeBucket(100, (index) => index >= 10 && index < 95, 'replica'));
  expect(finding.counts.problems).toEqual({ 'older-than-rule': 10, late: 5 });
});

describe('content that cannot be compared', () => {
  /** Large ones from an index on, of which the two ends keep checksums that do not compare. */
  const large = (from: number, to = Infinity, type: 'COMPOSITE' | 'FULL_OBJECT' = 'COMPOSITE') => {
    const bucket = new MadeBucket(3_000);
    const [list, head] = [bucket.list.bind(bucket), bucket.head.bind(bucket)];
    const size = 64 * 1024 * 1024;
    const isLarge = (key: string) => Number(key.slice(2)) >= from && Number(key.slice(2)) < to;
    bucket.list = async (after) => {
      const { objects, more } = await list(after);
      return { objects: objects.map((one) => (isLarge(one.key) ? { ...one, size } : one)), more };
    };
    bucket.head = async (key) => {
      const one = await head(key);
      return isLarge(key) ? { ...one, size, checksums: [{ ...one.checksums[0], type }] } : one;
    };
    return bucket;
  };
  const judged = async (sample: ReplicaQuestion['sample'], from: number, to?: number) => {
    const question = { ...QUESTION, sample };
    const { finding } = await ask(large(from, to), large(from, to, 'FULL_OBJECT'), question);
    const check = { kind: 'replica', id: 'replica', bucket: QUESTION.bucket, sample } as const;
    return { ...judgeReplica(check, finding), counts: finding.counts };
  };

  test('of every object says nothing where hardly one was compared', async () => {
    const every = await judged({ every: true }, 1);
    expect(every.status).toBe('inconclusive');
    expect(every.statement).toBe(
      '3,000 objects of the source looked for in the replica: all are there; of those there, 0 of 1 whose content was compared are different or unreadable, which is not every object; the content of 2,999 was not compared: large, or without a checksum that compares and an original that can be read.',
    );
    expect((await judged({ every: true }, 2_999)).status).toBe('inconclusive');
    expect((await judged({ every: true }, 3_000)).status).toBe('pass');
    expect((await judged(QUESTION.sample, 1)).status).toBe('inconclusive');
    expect((await judged(QUESTION.sample, 0)).statement).toContain('the content of not one was compared');
  });

  test('is left out of what a sample claims of all', async () => {
    const { status, statement, counts } = await judged(QUESTION.sample, 0, 60);
    expect(status).toBe('pass');
    expect(counts.uncompared).toBeGreaterThan(0);
    expect(statement).toMatch(
      /of those there, 0 of \d+ chosen at random and compared are different or unreadable; with 99 % confidence at most [\d.]+ % of all are, apart from those whose content cannot be compared; the content of \d+ was not/,
    );
  });
});

test('a listing that is out of order never calls objects missing', async () => {
  const replica = new MadeBucket(2_000);
  const list = replica.list.bind(replica);
  replica.list = async (after) => ({ ...(await list(after)), objects: [...(await list(after)).objects].reverse() });
  const { finding } = await ask(new MadeBucket(2_000), replica);
  expect(finding).toMatchObject({ trouble: 'the listing is not in order', counts: { problems: {} } });
});

test('a round that fails halfway goes on where it was, and counts nothing twice', async () => {
  const source = new MadeBucket(5_000);
  const head = source.head.bind(source);
  let calls = 0;
  source.head = (key) => (++calls % 100 === 0 ? Promise.reject(new FileError('throttled', 'slow down')) : head(key));
  const replica = new MadeBucket(5_000, (index) => index % 1_000 !== 3, 'replica');
  const { finding, rounds } = await ask(source, replica);
  expect(rounds).toBeGreaterThan(4);
  expect(finding.trouble).toBeUndefined();
  const undisturbed = await ask(new MadeBucket(5_000), replica);
  expect(finding).toEqual(undisturbed.finding);
});
