import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import type { StaticOperationSchema } from '@smithy/types';
import { checkAnswer, isUnit, join, requireMembers, shapeOf, Unreadable, type Shape } from './shape';
import { fromText } from './text';
import { AwsError, type HttpAnswer, type HttpCall, type Members, type Protocol } from './types';

interface Node {
  value?: string;
  readonly children: Map<string, Node>;
}

/** AWS Query: form parameters in, XML out (RDS, SNS). */
export function queryProtocol(namespace: string, version: string, xmlNamespace: string): Protocol {
  return {
    operationName: (call) => parameters(call).get('Action') ?? undefined,
    decode: (operation, call) => decode(operation, call, version),
    encode: (operation, output, requestId) => encode(operation, output, requestId, namespace, xmlNamespace),
    encodeError: (error, requestId) => encodeError(error, requestId, namespace, xmlNamespace),
  };
}

function parameters(call: HttpCall): URLSearchParams {
  return new URLSearchParams(call.body.toString('utf8'));
}

function decode(operation: StaticOperationSchema, call: HttpCall, version: string): Members {
  const given = parameters(call);
  const root: Node = { children: new Map() };
  for (const [name, value] of given) {
    if (name === 'Action' || name === 'Version') {
      continue;
    }
    insert(root, name.split('.'), value);
  }
  if (given.get('Version') !== version) {
    throw new AwsError('NoSuchVersion', 400, `version '${given.get('Version')}' is not known: use ${version}`);
  }
  try {
    const shape = shapeOf(operation[4]);
    const input = isUnit(shape) ? refuseAny(root) : (read(shape, root, '') as Members);
    requireMembers(shape, input);
    return input;
  } catch (error) {
    throw error instanceof Unreadable ? queryError(error) : error;
  }
}

function queryError(error: Unreadable): AwsError {
  return error.kind === 'missing'
    ? new AwsError('MissingParameter', 400, `The parameter ${error.path} must be provided and must not be blank.`)
    : new AwsError('ValidationError', 400, error.message);
}

function insert(root: Node, path: readonly string[], value: string): void {
  let node = root;
  for (const step of path) {
    let next = node.children.get(step);
    if (!next) {
      next = { children: new Map() };
      node.children.set(step, next);
    }
    node = next;
  }
  if (node.value !== undefined) {
    throw new AwsError('ValidationError', 400, `${path.join('.')} is given twice`);
  }
  node.value = value;
}

function refuseAny(node: Node): Members {
  const [first] = node.children.keys();
  if (first !== undefined) {
    throw new Unreadable('unknown', first, `unknown parameter ${first}`);
  }
  return {};
}

function read(shape: Shape, node: Node, path: string): unknown {
  if (shape.isStructSchema()) return readStructure(shape, node, path);
  if (shape.isListSchema()) return readList(shape, node, path);
  if (shape.isMapSchema()) return readMap(shape, node, path);
  if (node.children.size > 0 || node.value === undefined) {
    throw new Unreadable('type', path, `${path} must be a single value`);
  }
  return fromText(shape, node.value, path);
}

function readStructure(shape: Shape, node: Node, path: string): Members {
  refuseValue(node, path);
  const byWireName = new Map<string, [string, Shape]>();
  for (const [name, member] of shape.structIterator()) {
    byWireName.set(String(member.getMergedTraits().xmlName ?? name), [name, member]);
  }
  const result: Record<string, unknown> = {};
  for (const [wireName, child] of node.children) {
    const known = byWireName.get(wireName);
    if (!known) {
      throw new Unreadable('unknown', join(path, wireName), `unknown parameter ${join(path, wireName)}`);
    }
    result[known[0]] = read(known[1], child, join(path, wireName));
  }
  return result;
}

function readList(shape: Shape, node: Node, path: string): unknown[] {
  if (node.value === '' && node.children.size === 0) {
    return [];
  }
  refuseValue(node, path);
  const item = shape.getValueSchema();
  if (shape.getMergedTraits().xmlFlattened) {
    return indexed(node, path).map((child, i) => read(item, child, `${path}.${i + 1}`));
  }
  const step = String(item.getMergedTraits().xmlName ?? 'member');
  const items = onlyChild(node, step, path);
  return indexed(items, join(path, step)).map((child, i) => read(item, child, `${path}.${step}.${i + 1}`));
}

function readMap(shape: Shape, node: Node, path: string): Members {
  const entries = shape.getMergedTraits().xmlFlattened ? node : onlyChild(node, 'entry', path);
  const result: Record<string, unknown> = {};
  const keyName = String(shape.getKeySchema().getMergedTraits().xmlName ?? 'key');
  const valueName = String(shape.getValueSchema().getMergedTraits().xmlName ?? 'value');
  for (const entry of indexed(entries, path)) {
    const [key, value] = [entry.children.get(keyName), entry.children.get(valueName)];
    if (key?.value === undefined || !value || entry.children.size !== 2) {
      throw new Unreadable('type', path, `${path} must hold pairs of ${keyName} and ${valueName}`);
    }
    Object.defineProperty(result, key.value, {
      value: read(shape.getValueSchema(), value, join(path, key.value)),
      enumerable: true,
    });
  }
  return result;
}

function onlyChild(node: Node, step: string, path: string): Node {
  const child = node.children.get(step);
  if (!child || node.children.size !== 1) {
    const wrong = [...node.children.keys()].find((name) => name !== step) ?? '';
    throw new Unreadable('unknown', join(path, wrong), `unknown parameter ${join(path, wrong)}: use ${path}.${step}.1`);
  }
  return child;
}

/** Children 1, 2, 3, ... without gaps. */
function indexed(node: Node, path: string): Node[] {
  return Array.from({ length: node.children.size }, (_, i) => {
    const child = node.children.get(String(i + 1));
    if (!child) {
      throw new Unreadable('unknown', path, `${path} must be numbered from 1 without gaps`);
    }
    return child;
  });
}

function refuseValue(node: Node, path: string): void {
  if (node.value !== undefined) {
    throw new Unreadable('type', path, `${path} must not be a single value`);
  }
}

function encode(
  operation: StaticOperationSchema,
  output: Members,
  requestId: string,
  namespace: string,
  xmlNamespace: string,
): HttpAnswer {
  const name = operation[2];
  const shape = shapeOf(operation[5]);
  const metadata = [3, namespace, 'ResponseMetadata', 0, ['RequestId'], [0]];
  const [names, schemas] = [['ResponseMetadata'], [metadata] as unknown[]];
  const value: Record<string, unknown> = { ResponseMetadata: { RequestId: requestId } };
  if (!isUnit(shape)) {
    checkAnswer(shape, output, name);
    names.unshift(`${name}Result`);
    schemas.unshift(operation[5]);
    value[`${name}Result`] = output;
  }
  const envelope = [3, namespace, `${name}Response`, 0, names, schemas];
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: xml(envelope, value, namespace, xmlNamespace) };
}

function encodeError(error: AwsError, requestId: string, namespace: string, xmlNamespace: string): HttpAnswer {
  const members = error.schema ? shapeOf(error.schema).getMemberSchemas() : {};
  const extra = Object.keys(error.members).filter((name) => name.toLowerCase() !== 'message');
  const schema = [
    3,
    namespace,
    'Error',
    0,
    ['Type', 'Code', 'Message', ...extra],
    [0, 0, 0, ...extra.map((name) => members[name]?.ref ?? 0)],
  ];
  const envelope = [3, namespace, 'ErrorResponse', 0, ['Error', 'RequestId'], [schema, 0]];
  const type = error.status >= 500 ? 'Receiver' : 'Sender';
  const value = {
    Error: { Type: type, Code: error.code, Message: error.message, ...error.members },
    RequestId: requestId,
  };
  const body = xml(envelope, value, namespace, xmlNamespace);
  return { status: error.status, headers: { 'content-type': 'text/xml' }, body };
}

function xml(schema: unknown, value: unknown, namespace: string, xmlNamespace: string): string {
  const serializer = new XmlShapeSerializer({
    xmlNamespace,
    serviceNamespace: namespace,
    timestampFormat: { useTrait: true, default: 5 },
    httpBindings: false,
  });
  serializer.write(schema as never, value as never);
  return String(serializer.flush());
}
