import { cut, line, plain } from '../messages/text';
import type { Digest, Week } from './words';

/** SNS takes ASCII subjects shorter than 100 characters, and 256 KB; Amazon Q Developer shows 8,000 characters. */
const SUBJECT = 99;
/** Four bodies hold it, at up to three bytes a character. */
const LETTER = 18_000;
const CHAT = 8_000;

/** The digest as SNS takes it: text for mail, and what Amazon Q Developer shows in a channel. */
export function lettersOf({ site, region, now }: Week, { title, lines, troubled }: Digest) {
  const text = cut(lines.join('\n'), LETTER);
  const chat = JSON.stringify({
    version: '1.0',
    source: 'custom',
    id: `digest-${site}-${now}`,
    content: {
      textType: 'client-markdown',
      title: cut(plain(line(`digest: ${title}`)), 250),
      description: cut(plain(lines.join('\n')), CHAT),
      keywords: ['digest', plain(line(site))],
    },
    metadata: {
      threadId: `digest-${site}`,
      summary: plain(line(title)),
      eventType: 'digest',
      additionalContext: { site, region },
    },
  });
  const machine = JSON.stringify({ schema: 'cdk-recoverable/digest/v1', site, region, at: now, title, troubled, text });
  return {
    Subject: cut(`[digest] ${line(title)}`.replace(/[^\x20-\x7e]/g, '?'), SUBJECT, '...'),
    MessageStructure: 'json',
    Message: JSON.stringify({ default: text, email: text, https: chat, http: chat, sqs: machine, lambda: machine }),
  };
}
