import { createHash } from 'node:crypto';
import { AwsError, type HttpCall } from '../protocol/types';
import { verifiedSums } from './checksums';
import type { Checksums } from './version';

/** The object's own bytes, unwrapped from chunked signing, with every checksum that came along verified. */
export async function readBody(call: HttpCall): Promise<{ readonly body: Buffer; readonly checksums: Checksums }> {
  const declared = call.headers['x-amz-content-sha256'] ?? '';
  const chunked = declared.startsWith('STREAMING-');
  const { body, trailers } = chunked ? unwrap(call.body) : { body: call.body, trailers: {} };
  if (/^[0-9a-f]{64}$/.test(declared) && createHash('sha256').update(body).digest('hex') !== declared) {
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      400,
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  verifyMd5(call.headers['content-md5'], body);
  verifyLength(call.headers['x-amz-decoded-content-length'], body, chunked);
  return { body, checksums: await verifiedSums({ ...call.headers, ...trailers }, body) };
}

function verifyMd5(given: string | undefined, body: Buffer): void {
  if (given !== undefined && createHash('md5').update(body).digest('base64') !== given) {
    throw new AwsError('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.');
  }
}

function verifyLength(given: string | undefined, body: Buffer, chunked: boolean): void {
  if (chunked && Number(given) !== body.length) {
    throw new AwsError(
      'IncompleteBody',
      400,
      `x-amz-decoded-content-length is ${given}, the body has ${body.length} bytes.`,
    );
  }
}

/** Reads `size[;extensions]\r\n bytes \r\n ... 0\r\n trailers`. */
function unwrap(wrapped: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = wrapped.indexOf('\r\n', at);
    const size = parseInt(wrapped.subarray(at, end).toString('latin1').split(';')[0], 16);
    if (end < 0 || Number.isNaN(size) || end + 2 + size > wrapped.length) {
      throw new AwsError('IncompleteBody', 400, 'The chunked body is cut short.');
    }
    if (size === 0) {
      return { body: Buffer.concat(chunks), trailers: readTrailers(wrapped.subarray(end + 2)) };
    }
    chunks.push(wrapped.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

function readTrailers(rest: Buffer): Record<string, string> {
  const lines = rest.toString('latin1').split('\r\n').filter(Boolean);
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}
