import type { StaticOperationSchema } from '@smithy/types';
import { Unreadable } from './shape';
import type { HttpCall } from './types';

/** Where an operation of a REST protocol lives, from its schema's http trait. */
export interface Route {
  readonly operation: StaticOperationSchema;
  readonly method: string;
  /** With one capture per label. */
  readonly pattern: RegExp;
  readonly labels: readonly string[];
  readonly literals: readonly (readonly [string, string])[];
}

/** @param base prefix of every path, for example `/{Bucket}` where the bucket is part of the path. */
export function routeOf(operation: StaticOperationSchema, base: string): Route {
  const [method, template] = (operation[3] as unknown as { http: [string, string, number] }).http;
  const [path, query = ''] = template.split('?');
  const labels: string[] = [];
  const source = (base + path).split(/(\{[^}]+\})/).map((part) => {
    const label = /^\{([^}+]+)(\+?)\}$/.exec(part);
    if (!label) {
      return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    }
    labels.push(label[1]);
    return label[2] ? '(.+)' : '([^/]+)';
  });
  const end = path === '/' && base ? source.join('').replace(/\/$/, '/?') : source.join('');
  return { operation, method, pattern: new RegExp(`^${end}$`, 's'), labels, literals: [...new URLSearchParams(query)] };
}

/** The route that fits with the most literal query parameters. */
export function match(routes: readonly Route[], call: HttpCall): Route | undefined {
  const fitting = routes
    .filter((route) => route.method === call.method && route.pattern.test(call.path))
    .filter((route) => route.literals.every(([name, value]) => call.query.get(name) === value));
  return fitting.sort((a, b) => b.literals.length - a.literals.length).at(0);
}

/** The labels of a route in a call's path, decoded. */
export function labelsIn(route: Route, call: HttpCall): Record<string, string> {
  const captured = route.pattern.exec(call.path)?.slice(1) ?? [];
  return Object.fromEntries(captured.map((text, i) => [route.labels[i], decoded(text, route.labels[i])]));
}

function decoded(text: string, label: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Unreadable('type', label, `${label} is not percent-encoded UTF-8: '${text}'`);
  }
}
