import type { HttpCall, Protocol } from './types';

/** Two APIs behind one signing name, told apart by the path: `special` has all that begins with one of its own. */
export function byPath(beginning: string, special: Protocol, usual: Protocol, namespace: string): Protocol {
  const of = (call: HttpCall) => (call.path.startsWith(beginning) ? special : usual);
  const by = (operation: Parameters<Protocol['decode']>[0]) => (operation[1] === namespace ? special : usual);
  return {
    operationName: (call, operations) =>
      of(call).operationName(
        call,
        [...operations].filter((operation) => by(operation) === of(call)),
      ),
    decode: (operation, call) => by(operation).decode(operation, call),
    encode: (operation, output, requestId) => by(operation).encode(operation, output, requestId),
    encodeError: (error, requestId, call) => of(call).encodeError(error, requestId, call),
  };
}
