import { Webhook } from 'standardwebhooks';
import { NamedError } from '../../shared/named-error';
import type { KeptSecret } from '../outside/kept-secret';
import { addressOf, isSuccess, request } from '../outside/request';
import type { Delivery } from './delivery';

export interface Receiver {
  readonly url: string;
  readonly key: KeptSecret;
}

/** How a receiver says that it does not know the signature. */
const REFUSED = [400, 401, 403];

/**
 * Posts one message, signed as Standard Webhooks has it. Whatever is not taken is thrown: the queue brings it again, and keeps in the
 * end what a person must mend.
 */
export async function post({ url, key }: Receiver, delivery: Delivery): Promise<void> {
  const address = addressOf(url, 'url of a webhook');
  const known = await key.get();
  let status = await postSigned(address, known, delivery);
  if (REFUSED.includes(status)) {
    // The key may have been rotated since it was read.
    const current = await key.renew();
    if (current !== known) status = await postSigned(address, current, delivery);
  }
  if (!isSuccess(status)) throw new NamedError('NotTaken', `${address.host} answered ${status}`);
}

function postSigned(address: URL, key: string, { id, body }: Delivery): Promise<number> {
  const sentAt = new Date();
  return request(address, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': signerOf(key).sign(id, sentAt, body),
    },
    body,
  });
}

/** Standard Webhooks takes keys of 24 to 64 bytes. */
function signerOf(key: string): Webhook {
  const [, encoded = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(key) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length < 24 || bytes.length > 64 || bytes.toString('base64') !== encoded) {
    throw new NamedError(
      'InvalidSecret',
      'the signing key of a webhook must be whsec_ and 24 to 64 bytes in base64, as the whole text of its secret; it is not shown here',
    );
  }
  return new Webhook(key);
}
