import { JsonShapeSerializer } from '@aws-sdk/core/protocols';
import type { StaticOperationSchema } from '@smithy/types';
import { checkAnswer, isUnit, join, requireMembers, shapeOf, Unreadable, type Shape } from './shape';
import { fromText } from './text';
import { AwsError, type HttpAnswer, type HttpCall, type Members, type Protocol } from './types';

/** AWS JSON 1.0 and 1.1: one path, the operation in X-Amz-Target (Secrets Manager, Step Functions). */
export function jsonProtocol(version: '1.0' | '1.1', namespace: string, targetPrefix: string): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  return {
    operationName: (call) => {
      const [prefix, name] = (call.headers['x-amz-target'] ?? '').split('.');
      return prefix === targetPrefix ? name : undefined;
    },
    decode: decodeBody,
    encode: (operation, output, requestId) => ({
      status: 200,
      headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
      body: isUnit(shapeOf(operation[5])) ? '{}' : writeJson(operation[5], output, operation[2]),
    }),
    encodeError: (error, requestId) => encodeJsonError(error, requestId, contentType, namespace),
  };
}

function decodeBody(operation: StaticOperationSchema, call: HttpCall): Members {
  return reading(() => {
    const shape = shapeOf(operation[4]);
    const input = readJson(shape, parseJson(call.body), '') as Members;
    requireMembers(shape, input);
    return input;
  });
}

/** Runs a decoder and says what it could not read in the words of the JSON protocols. */
export function reading<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof Unreadable)) {
      throw error;
    }
    throw new AwsError(error.kind === 'missing' ? 'ValidationException' : 'SerializationException', 400, error.message);
  }
}

export function parseJson(body: Buffer): unknown {
  if (body.length === 0) {
    return {};
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Unreadable('type', '', 'the body is not JSON');
  }
}

export function writeJson(schema: unknown, value: Members, name: string): string {
  checkAnswer(shapeOf(schema), value, name);
  const serializer = new JsonShapeSerializer({ jsonName: true, timestampFormat: { useTrait: true, default: 7 } });
  serializer.write(schema as never, value);
  return String(serializer.flush() ?? '{}');
}

export function encodeJsonError(
  error: AwsError,
  requestId: string,
  contentType: string,
  namespace: string,
): HttpAnswer {
  // Models spell it message or Message; the SDK reads either.
  const capital = error.schema && 'Message' in shapeOf(error.schema).getMemberSchemas();
  const body = {
    __type: `${namespace}#${error.code}`,
    [capital ? 'Message' : 'message']: error.message,
    ...error.members,
  };
  return {
    status: error.status,
    headers: { 'content-type': contentType, 'x-amzn-requestid': requestId, 'x-amzn-errortype': error.code },
    body: JSON.stringify(body),
  };
}

/** Reads parsed JSON by its schema; null is absence, as AWS has it. */
export function readJson(shape: Shape, value: unknown, path: string): unknown {
  if (shape.isUnitSchema()) return {};
  if (shape.isDocumentSchema()) return value;
  if (shape.isStructSchema()) return readStructure(shape, value, path);
  if (shape.isListSchema()) {
    if (!Array.isArray(value)) {
      throw new Unreadable('type', path, `${path} must be a list`);
    }
    return value.map((item, i) => readJson(shape.getValueSchema(), item, `${path}[${i}]`));
  }
  if (shape.isMapSchema()) {
    const entries = Object.entries(object(value, path));
    return Object.fromEntries(entries.map(([k, v]) => [k, readJson(shape.getValueSchema(), v, join(path, k))]));
  }
  return readScalar(shape, value, path);
}

function readStructure(shape: Shape, value: unknown, path: string): Members {
  const byName = new Map<string, [string, Shape]>();
  for (const [name, member] of shape.structIterator()) {
    byName.set(String(member.getMergedTraits().jsonName ?? name), [name, member]);
  }
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(object(value, path))) {
    const known = byName.get(name);
    if (!known) {
      throw new Unreadable('unknown', join(path, name), `unknown member ${join(path, name)}`);
    }
    if (item !== null) {
      result[known[0]] = readJson(known[1], item, join(path, name));
    }
  }
  return result;
}

function readScalar(shape: Shape, value: unknown, path: string): unknown {
  if (shape.isTimestampSchema()) {
    return fromText(shape, String(value), path);
  }
  const kind = shape.isBooleanSchema() ? 'boolean' : shape.isNumericSchema() ? 'number' : 'string';
  if (typeof value !== kind) {
    throw new Unreadable('type', path, `${path} must be a ${kind}, not ${JSON.stringify(value)?.slice(0, 80)}`);
  }
  return shape.isBlobSchema() ? Buffer.from(value as string, 'base64') : value;
}

function object(value: unknown, path: string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Unreadable('type', path, `${path || 'the body'} must be an object`);
  }
  return value;
}
