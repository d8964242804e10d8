import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { required } from '../../shared/environment';
import { log } from '../../shared/log';
import { nameOf } from '../../shared/named-error';
import { KeptSecret } from '../outside/kept-secret';
import { deliveryOf } from './delivery';
import { post } from './post';

const receiver = {
  url: required('WEBHOOK_URL'),
  key: new KeptSecret(new SecretsManagerClient(), required('SIGNING_SECRET')),
};

/** Posts what the queue holds. What is not taken goes back into the queue, alone. */
export const handler = async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { messageId, body, attributes } of Records) {
    try {
      const delivery = deliveryOf(body);
      await post(receiver, delivery);
      log.info('posted', { id: delivery.id });
    } catch (error) {
      const attempt = attributes.ApproximateReceiveCount;
      const reason = error instanceof Error ? error.message : String(error);
      log.error('not posted', { messageId, attempt, name: nameOf(error), reason });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
};
