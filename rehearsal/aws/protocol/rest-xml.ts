import { XmlShapeDeserializer, XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { RestBinding } from './rest';
import { Unreadable, type Shape } from './shape';
import { AwsError, type HttpAnswer, type HttpCall, type Members, type Protocol } from './types';

/** REST-XML as S3 speaks it, with the bucket in the path. */
export function restXmlProtocol(namespace: string, xmlNamespace: string): Protocol {
  const rest = new RestBinding({
    base: '/{Bucket}',
    ownQuery: new Set(['x-id']),
    contentType: 'application/xml',
    readDocument: (shape, body) => read(shape, body),
    writeDocument: (schema, value) => `<?xml version="1.0" encoding="UTF-8"?>\n${write(schema, value)}`,
  });
  const settings = {
    xmlNamespace,
    serviceNamespace: namespace,
    timestampFormat: { useTrait: true, default: 5 as const },
    httpBindings: true,
  };
  const read = (shape: Shape, body: Buffer): Members => {
    if (body.length === 0) return {};
    try {
      return (new XmlShapeDeserializer(settings).read(shape, body) ?? {}) as Members;
    } catch {
      throw malformed();
    }
  };
  const write = (schema: unknown, value: Members): string => {
    const serializer = new XmlShapeSerializer(settings);
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
    const headers = { 'x-amz-request-id': requestId, 'content-type': 'application/xml', ...error.headers };
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
        if (error instanceof Unreadable && error.kind === 'missing' && error.path.includes('.')) throw malformed();
        if (error instanceof Unreadable) {
          throw new AwsError(error.kind === 'missing' ? 'MissingParameter' : 'InvalidArgument', 400, error.message);
        }
        throw error;
      }
    },
    encode: (operation, output, requestId) => {
      const answer = rest.encode(operation, output, requestId);
      // A part of an object is told by its status, of which the model says nothing.
      return answer.headers['content-range'] === undefined ? answer : { ...answer, status: 206 };
    },
    encodeError,
  };
}

/** What S3 says of a document that it cannot read, whatever is wrong with it. */
function malformed(): AwsError {
  return new AwsError('MalformedXML', 400, 'The XML you provided was not well-formed or did not validate.');
}
