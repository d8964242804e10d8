import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a person on call gets to see. */
export interface Told {
  readonly topic: string;
  readonly title: string;
  readonly text: string;
  readonly nextSteps: readonly string[];
}

/** An endpoint on this machine that SNS posts to, as a team's chat would have one. */
export class Webhook {
  readonly told: Told[] = [];

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Webhook> {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        webhook.told.push(read(body));
        response.end();
      });
    });
    const webhook = new Webhook(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return webhook;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

/** A notification of SNS around what chats show; whatever else is published comes as it is. */
function read(body: string): Told {
  const { TopicArn: topic, Message: message, Subject: subject } = JSON.parse(body) as Record<string, string>;
  const { content } = chatIn(message);
  if (!content) return { topic, title: subject ?? '', text: message, nextSteps: [] };
  const { title = '', description = '', nextSteps = [] } = content;
  return { topic, title: shown(title), text: shown(description), nextSteps: nextSteps.map(shown) };
}

/** As a chat shows it: what would be markup is written otherwise. */
function shown(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

interface Chat {
  readonly content?: {
    readonly title?: string;
    readonly description?: string;
    readonly nextSteps?: readonly string[];
  };
}

function chatIn(message: string): Chat {
  try {
    return Object(JSON.parse(message)) as Chat;
  } catch {
    return {};
  }
}
