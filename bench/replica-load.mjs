// A plain load generator: the requests that the verifier makes, as many objects at once, with the bare SDK and nothing done with
// what comes. Lists both buckets, then asks for each object's headers in both and reads its first byte in the replica.
import { GetObjectCommand, HeadObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const AT_ONCE = Number(process.argv[2]);

const clientIn = (region) => {
  const requestHandler = new NodeHttpHandler({ httpAgent: { maxSockets: 64 } });
  return new S3Client({ region, requestHandler });
};
const [source, replica] = [clientIn('eu-west-1'), clientIn('eu-central-1')];

async function list(client, Bucket) {
  const keys = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket, EncodingType: 'url' })) {
    for (const { Key } of page.Contents ?? []) keys.push(Key);
  }
  return keys;
}

process.on('disconnect', () => process.exit(0));
process.on('message', async ({ source: from, replica: to }) => {
  const began = performance.now();
  await list(source, from);
  const [keys] = await Promise.all([list(source, from), list(replica, to)]);
  let next = 0;
  const worker = async () => {
    while (next < keys.length) {
      const Key = keys[next++];
      await Promise.all([
        source.send(new HeadObjectCommand({ Bucket: from, Key, ChecksumMode: 'ENABLED' })),
        replica.send(new HeadObjectCommand({ Bucket: to, Key, ChecksumMode: 'ENABLED' })),
      ]);
      const { Body } = await replica.send(new GetObjectCommand({ Bucket: to, Key, Range: 'bytes=0-0' }));
      await Body.transformToByteArray();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  process.send({ seconds: (performance.now() - began) / 1000 });
});
