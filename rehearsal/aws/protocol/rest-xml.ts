import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { RestBinding } from './rest';
import { Unreadable } from './shape';
import { AwsError, type HttpAnswer, type HttpCall, type Members, type Protocol } from './types';

/** REST-XML as S3 speaks it, with the bucket in the path. */
export function restXmlProtocol(namespace: string, xmlNamespace: string): Protocol {
  const rest = new RestBinding({
    base: '/{Bucket}',
    ownQuery: new Set(['x-id']),
    contentType: 'application/xml',
    readDocument: (_, body) => readNothing(body),
    writeDocument: (schema, value) => `<?xml version="1.0" encoding="UTF-8"?>\n${write(schema, value)}`,
  });
  const write = (schema: unknown, value: Members): string => {
    const serializer = new XmlShapeSerializer({
      xmlNamespace,
      serviceNamespace: namespace,
      timestampFormat: { useTrait: true, default: 5 },
      httpBindings: true,
    });
    serializer.write(schema as never, value as never);
    return String(serializer.flush());
  };
  const errorSchema = (extra: string[]) => [
    3,
    namespace,
    'Error',
    0,
    ['Code', 'Message', ...extra, 'RequestId'],
    ['Code', 'Message', ...extra, 'RequestId'].map(() => 0),
  ];
  const encodeError = (error: AwsError, requestId: string, call: HttpCall): HttpAnswer => {
    const headers = { 'x-amz-request-id': requestId, 'content-type': 'application/xml' };
    // A HEAD answer has no body: the SDK has only the status to go by.
    if (call.method === 'HEAD') {
      return { status: error.status, headers, body: '' };
    }
    const value = { Code: error.code, Message: error.message, ...error.members, RequestId: requestId };
    return { status: error.status, headers, body: write(errorSchema(Object.keys(error.members)), value) };
  };
  return {
    operationName: (call, operations) => rest.operationName(call, operations),
    decode: (operation, call) => {
      try {
        return rest.decode(operation, call);
      } catch (error) {
        if (error instanceof Unreadable) {
          throw new AwsError(error.kind === 'missing' ? 'MissingParameter' : 'InvalidArgument', 400, error.message);
        }
        throw error;
      }
    },
    encode: (operation, output, requestId) => rest.encode(operation, output, requestId),
    encodeError,
  };
}

/** No rehearsed operation takes an XML document; one that comes to need it must be told how to read it. */
function readNothing(body: Buffer): Members {
  if (body.length > 0) {
    throw new AwsError('NotRehearsed', 400, 'a request with an XML document is not rehearsed');
  }
  return {};
}
