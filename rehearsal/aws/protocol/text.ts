import { Unreadable, type Shape } from './shape';

/** Reads a scalar from text (query parameters, headers, labels) as strictly as AWS does. */
export function fromText(shape: Shape, text: string, path: string): unknown {
  if (shape.isStringSchema()) return text;
  if (shape.isBooleanSchema()) return toBoolean(text, path);
  if (shape.isNumericSchema()) return toNumber(text, path);
  if (shape.isTimestampSchema()) return toDate(text, path);
  if (shape.isBlobSchema()) return Buffer.from(text, 'base64');
  throw new Unreadable('type', path, `${path} cannot be given as text`);
}

function toBoolean(text: string, path: string): boolean {
  if (text !== 'true' && text !== 'false') {
    throw new Unreadable('type', path, `${path} must be true or false, not '${text}'`);
  }
  return text === 'true';
}

function toNumber(text: string, path: string): number {
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) {
    throw new Unreadable('type', path, `${path} must be a number, not '${text}'`);
  }
  return Number(text);
}

/** RFC 3339, an HTTP date or seconds since 1970; a date without a zone is refused. */
function toDate(text: string, path: string): Date {
  const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
  const http = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d(\.\d+)? GMT$/;
  const known = rfc3339.test(text) || http.test(text);
  const date = /^\d+(\.\d+)?$/.test(text) ? new Date(Number(text) * 1000) : new Date(known ? text : NaN);
  if (Number.isNaN(date.getTime())) {
    throw new Unreadable('type', path, `${path} must be a timestamp with its zone, not '${text}'`);
  }
  return date;
}
