import { InvalidObjectState$ } from '@aws-sdk/client-s3';
import { AwsError, modelled } from '../protocol/types';
import type { ObjectVersion } from './version';

/** Refuses to read what is archived, or encrypted with a key that is not S3's to have. */
export function requireOpen({ closed }: ObjectVersion): void {
  if (closed === 'archived') {
    const message = "The operation is not valid for the object's storage class";
    throw modelled(InvalidObjectState$, message, { StorageClass: 'GLACIER' });
  }
  if (closed === 'customer-key') {
    const message =
      'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.';
    throw new AwsError('InvalidRequest', 400, message);
  }
}
