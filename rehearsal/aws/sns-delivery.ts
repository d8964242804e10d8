/** How long SNS waits for an endpoint. */
const PATIENCE_MS = 15_000;
/** SNS's own policy for HTTPS endpoints begins so; it goes on for three weeks. */
const ATTEMPTS = 4;

interface Delivery {
  readonly id: string;
  readonly topic: string;
  readonly subject?: string;
  readonly message: string;
}

/** Posts a notification as SNS does, without a signature: an endpoint on this machine has no certificate to check it with. */
export async function deliver(url: string, { id, topic, subject, message }: Delivery): Promise<void> {
  const notification = {
    Type: 'Notification',
    MessageId: id,
    TopicArn: topic,
    ...(subject !== undefined && { Subject: subject }),
    Message: message,
    Timestamp: new Date().toISOString(),
  };
  const headers = {
    'content-type': 'text/plain; charset=UTF-8',
    'x-amz-sns-message-type': 'Notification',
    'x-amz-sns-message-id': id,
    'x-amz-sns-topic-arn': topic,
  };
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(notification), signal });
      await answer.arrayBuffer();
      // An answer of the endpoint's own mistakes is final.
      if (answer.status < 500 && answer.status !== 429) return;
    } catch {
      // Not there, or too slow: tried again like a bad answer.
    }
  }
}

/** Of a structured message the text of one protocol, else the default. */
export function textFor(protocol: string, structured: string): string {
  const texts = JSON.parse(structured) as Readonly<Record<string, string>>;
  return texts[protocol] ?? texts.default;
}
