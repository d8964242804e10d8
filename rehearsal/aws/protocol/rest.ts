import { ToStringShapeSerializer } from '@smithy/core/protocols';
import type { StaticOperationSchema } from '@smithy/types';
import { labelsIn, match, routeOf, type Route } from './route';
import { checkAnswer, isUnit, requireMembers, shapeOf, Unreadable, type Shape } from './shape';
import { fromText } from './text';
import type { HttpAnswer, HttpCall, Members } from './types';

/** What differs between REST-JSON and REST-XML: the document in the body. */
export interface RestFormat {
  /** Prefix of every path. */
  readonly base: string;
  /** Headers and query parameters that belong to transport, signing or SDK and are no members. */
  readonly ownQuery: ReadonlySet<string>;
  readDocument(shape: Shape, body: Buffer): Members;
  writeDocument(schema: unknown, value: Members, name: string): HttpAnswer['body'];
  readonly contentType: string;
}

interface Binding {
  readonly httpLabel?: unknown;
  readonly httpHeader?: string;
  readonly httpQuery?: string;
  readonly httpQueryParams?: unknown;
  readonly httpPrefixHeaders?: string;
  readonly httpPayload?: unknown;
  readonly httpResponseCode?: unknown;
}

function binding(member: Shape): Binding {
  return member.getMergedTraits() as Binding;
}

export class RestBinding {
  private readonly routes = new Map<StaticOperationSchema, Route>();

  constructor(private readonly format: RestFormat) {}

  operationName(call: HttpCall, operations: Iterable<StaticOperationSchema>): string | undefined {
    return match(
      [...operations].map((operation) => this.route(operation)),
      call,
    )?.operation[2];
  }

  private route(operation: StaticOperationSchema): Route {
    const known = this.routes.get(operation) ?? routeOf(operation, this.baseOf(operation));
    this.routes.set(operation, known);
    return known;
  }

  /** An operation of no bucket in particular has none in its path. */
  private baseOf(operation: StaticOperationSchema): string {
    const members = [...shapeOf(operation[4]).structIterator()].map(([name]) => `{${name}}`);
    return members.some((label) => this.format.base.includes(label)) ? this.format.base : '';
  }

  decode(operation: StaticOperationSchema, call: HttpCall): Members {
    const route = this.route(operation);
    const labels = labelsIn(route, call);
    const shape = shapeOf(operation[4]);
    const result: Record<string, unknown> = {};
    const queryNames = new Set<string>(route.literals.map(([name]) => name));
    let documentMembers = 0;
    let payload: string | undefined;
    for (const [name, member] of shape.structIterator()) {
      const bound = binding(member);
      if (bound.httpQuery) queryNames.add(bound.httpQuery);
      if (bound.httpPayload !== undefined) payload = name;
      if (!isBound(bound)) documentMembers++;
      const value = this.readBound(name, member, bound, call, labels);
      if (value !== undefined) result[name] = value;
    }
    this.refuseUnknownQuery(call, queryNames);
    if (payload === undefined && documentMembers > 0) {
      Object.assign(result, this.format.readDocument(shape, call.body));
    }
    requireMembers(shape, result);
    return result;
  }

  private readBound(
    name: string,
    member: Shape,
    bound: Binding,
    call: HttpCall,
    labels: Record<string, string>,
  ): unknown {
    if (bound.httpLabel !== undefined) {
      return labels[name] === undefined ? undefined : fromText(member, labels[name], name);
    }
    if (bound.httpHeader) {
      const text = call.headers[bound.httpHeader.toLowerCase()];
      return text === undefined ? undefined : readText(member, text, name);
    }
    if (bound.httpQuery) {
      return readQuery(member, call.query.getAll(bound.httpQuery), name);
    }
    if (bound.httpPrefixHeaders) {
      return readPrefixHeaders(bound.httpPrefixHeaders, call.headers);
    }
    if (bound.httpPayload !== undefined) {
      if (call.body.length === 0 && !member.isStreaming()) return undefined;
      if (member.isBlobSchema()) return call.body;
      return member.isStringSchema() ? call.body.toString('utf8') : this.format.readDocument(member, call.body);
    }
    return undefined;
  }

  private refuseUnknownQuery(call: HttpCall, known: ReadonlySet<string>): void {
    for (const name of call.query.keys()) {
      if (!known.has(name) && !this.format.ownQuery.has(name)) {
        throw new Unreadable('unknown', name, `unknown query parameter ${name}`);
      }
    }
  }

  encode(operation: StaticOperationSchema, output: Members, requestId: string): HttpAnswer {
    const shape = shapeOf(operation[5]);
    let status = (operation[3] as unknown as { http: [string, string, number] }).http[2];
    const headers: Record<string, string> = { 'x-amzn-requestid': requestId };
    if (isUnit(shape)) {
      return { status, headers, body: '' };
    }
    checkAnswer(shape, output, operation[2]);
    const document: Record<string, unknown> = {};
    let [payload, hasDocument]: [HttpAnswer['body'] | undefined, boolean] = [undefined, false];
    for (const [name, member] of shape.structIterator()) {
      const bound = binding(member);
      const value = output[name];
      if (!isBound(bound)) hasDocument = true;
      if (value === undefined || value === null) continue;
      if (bound.httpResponseCode !== undefined) status = value as number;
      else if (bound.httpHeader) headers[bound.httpHeader.toLowerCase()] = headerText(member, value);
      else if (bound.httpPrefixHeaders) writePrefixHeaders(bound.httpPrefixHeaders, value as Members, headers);
      else if (bound.httpPayload !== undefined) payload = this.payload(member, value, headers);
      else document[name] = value;
    }
    if (!hasDocument) {
      return { status, headers, body: payload ?? '' };
    }
    headers['content-type'] = this.format.contentType;
    return { status, headers, body: this.format.writeDocument(operation[5], document, operation[2]) };
  }

  /** A member that is the whole body: bytes or text as they are, a structure as a document. */
  private payload(member: Shape, value: unknown, headers: Record<string, string>): HttpAnswer['body'] {
    if (!member.isStructSchema()) return value as HttpAnswer['body'];
    headers['content-type'] = this.format.contentType;
    return this.format.writeDocument(member, value as Members, member.getName() ?? '');
  }
}

function isBound(bound: Binding): boolean {
  return (
    bound.httpLabel !== undefined ||
    bound.httpHeader !== undefined ||
    bound.httpQuery !== undefined ||
    bound.httpQueryParams !== undefined ||
    bound.httpPrefixHeaders !== undefined ||
    bound.httpPayload !== undefined ||
    bound.httpResponseCode !== undefined
  );
}

function readText(member: Shape, text: string, name: string): unknown {
  if (!member.isListSchema()) {
    return fromText(member, text, name);
  }
  return text.split(',').map((item) => fromText(member.getValueSchema(), item.trim(), name));
}

function readQuery(member: Shape, given: readonly string[], name: string): unknown {
  if (given.length === 0) {
    return undefined;
  }
  if (member.isListSchema()) {
    return given.map((text) => fromText(member.getValueSchema(), text, name));
  }
  if (given.length > 1) {
    throw new Unreadable('type', name, `${name} is given ${given.length} times`);
  }
  return fromText(member, given[0], name);
}

function readPrefixHeaders(prefix: string, headers: HttpCall['headers']): Members | undefined {
  const own = Object.entries(headers).filter(([name]) => name.startsWith(prefix.toLowerCase()));
  return own.length ? Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value])) : undefined;
}

function writePrefixHeaders(prefix: string, values: Members, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) {
    headers[(prefix + name).toLowerCase()] = String(value);
  }
}

function headerText(member: Shape, value: unknown): string {
  const serializer = new ToStringShapeSerializer({
    httpBindings: true,
    timestampFormat: { useTrait: true, default: 6 },
  });
  serializer.write(member, value);
  return serializer.flush();
}
