import type { IncomingMessage } from 'node:http';
import type { HttpCall } from './protocol/types';

/** Larger than any request of a drill; AWS's own limits are below it. */
const LARGEST = 64 * 1024 * 1024;

/** Reads a request to its end. The path stays as sent: resolving `..` would change which object is meant. */
export async function readRequest(request: IncomingMessage): Promise<HttpCall> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    // Past the limit the rest is read and dropped, so that the caller hears the answer.
    if (size <= LARGEST) chunks.push(chunk as Buffer);
  }
  if (size > LARGEST) {
    throw new Error(`a request of ${size} bytes is not rehearsed: at most ${LARGEST}`);
  }
  const [path, ...query] = (request.url ?? '/').split('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  }
  return {
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(query.join('?')),
    headers,
    body: Buffer.concat(chunks),
  };
}

/** Caller, Region and service from the credential scope of a version 4 signature. */
export function signatureOf(call: HttpCall): { accessKeyId: string; region: string; service: string } | null {
  const scope = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/.exec(
    call.headers.authorization ?? '',
  );
  return scope && { accessKeyId: scope[1], region: scope[2], service: scope[3] };
}
