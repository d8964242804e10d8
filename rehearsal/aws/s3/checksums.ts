import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32cJs, Crc64NvmeJs } from '@aws-sdk/checksums/crc';
import { AwsError } from '../protocol/types';
import { notRehearsed } from '../service';
import type { Checksums, ObjectVersion } from './version';

type Sum = (body: Buffer) => Buffer | Promise<Uint8Array>;

const SUMS: Readonly<Record<string, Sum>> = {
  CRC32: (body) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return sum;
  },
  CRC32C: (body) => digestOf(new Crc32cJs(), body),
  CRC64NVME: (body) => digestOf(new Crc64NvmeJs(), body),
  SHA1: (body) => createHash('sha1').update(body).digest(),
  SHA256: (body) => createHash('sha256').update(body).digest(),
};

/** What S3 computes of an object for which its writer gave no checksum. */
const DEFAULT = 'CRC64NVME';

const memberOf = (algorithm: string) => `Checksum${algorithm}`;

/** The checksums among a request's headers, each compared with the body. */
export async function verifiedSums(headers: Readonly<Record<string, string>>, body: Buffer): Promise<Checksums> {
  const sums: Record<string, string> = {};
  for (const [name, given] of Object.entries(headers)) {
    const algorithm = /^x-amz-checksum-(?!algorithm|type|mode)(.+)$/.exec(name)?.[1].toUpperCase();
    if (algorithm === undefined) continue;
    if ((await sumOf(algorithm, body)) !== given) {
      throw new AwsError('BadDigest', 400, `The ${name} you specified did not match the calculated checksum.`);
    }
    sums[memberOf(algorithm)] = given;
  }
  return sums;
}

export async function computedSums(algorithm: string, body: Buffer): Promise<Checksums> {
  return { [memberOf(algorithm)]: await sumOf(algorithm, body) };
}

/** The checksums that S3 has of a version. */
export async function checksumsOf(version: ObjectVersion): Promise<Checksums> {
  version.checksums ??= await computedSums(DEFAULT, version.content.read());
  return version.checksums;
}

/** Checksums with their kind, as answers carry them. */
export function shownSums(checksums: Checksums | undefined): Record<string, string> {
  return checksums && Object.keys(checksums).length ? { ...checksums, ChecksumType: 'FULL_OBJECT' } : {};
}

async function sumOf(algorithm: string, body: Buffer): Promise<string> {
  const sum = SUMS[algorithm];
  if (!sum) throw notRehearsed(`checksum ${algorithm} is not rehearsed: known are ${Object.keys(SUMS).join(', ')}`);
  return Buffer.from(await sum(body)).toString('base64');
}

function digestOf(sum: { update(data: Uint8Array): void; digest(): Promise<Uint8Array> }, body: Buffer) {
  sum.update(body);
  return sum.digest();
}
