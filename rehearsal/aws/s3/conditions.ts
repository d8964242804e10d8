import * as sdk from '@aws-sdk/client-s3';
import { AwsError, modelled } from '../protocol/types';
import type { ObjectVersion } from './version';

export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > 1024) {
    throw new AwsError('KeyTooLongError', 400, 'Your key is too long', undefined, { MaxSizeAllowed: '1024' });
  }
}

/** Conditional writes and deletes: If-None-Match takes `*` alone, If-Match one tag. */
export function checkCondition(
  input: { IfMatch?: string; IfNoneMatch?: string },
  newest: ObjectVersion | undefined,
): void {
  if (input.IfNoneMatch !== undefined && input.IfNoneMatch !== '*') {
    const message = 'A header you provided implies functionality that is not implemented';
    throw new AwsError('NotImplemented', 501, message, undefined, { Header: 'If-None-Match' });
  }
  if (input.IfNoneMatch === '*' && newest) {
    throw precondition('If-None-Match');
  }
  if (input.IfMatch !== undefined && !newest) {
    throw modelled(sdk.NoSuchKey$, 'The specified key does not exist.');
  }
  if (input.IfMatch !== undefined && newest && !sameTag(input.IfMatch, newest)) {
    throw precondition('If-Match');
  }
}

export function sameTag(asked: string, version: ObjectVersion): boolean {
  return asked === '*' || asked.replaceAll('"', '') === version.etag.replaceAll('"', '');
}

export function precondition(condition: string): AwsError {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return new AwsError('PreconditionFailed', 412, message, undefined, { Condition: condition });
}
