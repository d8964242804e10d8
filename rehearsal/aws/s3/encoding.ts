import { AwsError } from '../protocol/types';

/** Writes keys as a listing with `encoding-type=url` does: XML cannot say every character that a key may have. */
export function encoderOf(encodingType: string | undefined): (text: string) => string {
  if (encodingType === undefined) return (text) => text;
  if (encodingType !== 'url')
    throw new AwsError('InvalidArgument', 400, 'Invalid Encoding Method specified in Request');
  return (text) =>
    encodeURIComponent(text.toWellFormed())
      .replace(/[!'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%2F', '/')
      .replaceAll('%20', '+');
}

export function pageSize(asked = 1000): number {
  if (!Number.isInteger(asked) || asked < 0) {
    throw new AwsError('InvalidArgument', 400, `max-keys must be a whole number from 0, not ${asked}`);
  }
  return Math.min(asked, 1000);
}
