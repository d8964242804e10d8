import { encodeJsonError, parseJson, reading, readJson, writeJson } from './json';
import { RestBinding } from './rest';
import type { Protocol } from './types';

/** REST-JSON: paths and headers in HTTP, the rest as JSON (Lambda, Scheduler). */
export function restJsonProtocol(namespace: string): Protocol {
  const rest = new RestBinding({
    base: '',
    ownQuery: new Set(),
    contentType: 'application/json',
    readDocument: (shape, body) => readJson(shape, parseJson(body), '') as Record<string, unknown>,
    writeDocument: writeJson,
  });
  return {
    operationName: (call, operations) => rest.operationName(call, operations),
    decode: (operation, call) => reading(() => rest.decode(operation, call)),
    encode: (operation, output, requestId) => rest.encode(operation, output, requestId),
    encodeError: (error, requestId) => encodeJsonError(error, requestId, 'application/json', namespace),
  };
}
