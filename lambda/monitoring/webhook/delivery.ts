import { NamedError } from '../../shared/named-error';

/** What is posted. */
export interface Delivery {
  /** The same each time the same message is posted. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
}

/** What SNS wraps a message in for a queue. */
interface Envelope {
  readonly Type?: string;
  readonly MessageId?: string;
  readonly Subject?: string;
  readonly Message?: string;
}

/**
 * Of a message as it lies in the queue. Its id is the one of SNS, not of the queue: SNS may deliver a message twice, and whoever
 * hears us leaves out what it has heard. JSON is posted as it is; what others publish to the topic as text is wrapped.
 */
export function deliveryOf(queued: string): Delivery {
  const { Type, MessageId, Subject, Message } = parse(queued) as Envelope;
  if (Type !== 'Notification' || typeof MessageId !== 'string' || typeof Message !== 'string') {
    throw new NamedError('InvalidInput', 'this is no notification of SNS: subscribe the queue without raw delivery');
  }
  const text = { schema: 'cdk-recoverable/text/v1', ...(Subject && { subject: Subject }), text: Message };
  return { id: MessageId, body: Object.keys(parse(Message)).length > 0 ? Message : JSON.stringify(text) };
}

/** An object, empty where the text holds none. */
function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
