import type { Message } from '../../../../lambda/monitoring/messages/message';
import { RehearsedSns } from '../../../../rehearsal/aws';
import { account, place, region } from '../../../rehearsal/aws/support';

const topic = (name: string) => `arn:aws:sns:${region}:${account}:${name}`;

export const ALERTS = { page: topic('pager'), ticket: topic('tickets'), digest: topic('digest') };

export function topics(): RehearsedSns {
  return new RehearsedSns({ ...place, topics: Object.values(ALERTS).map((arn) => ({ arn })) });
}

export const MISSED: Message = {
  severity: 'page',
  state: 'raised',
  cause: 'resource Gold/Orders',
  lasting: true,
  title: 'Gold/Orders has no daily recovery point for 27 hours',
  what: 'The newest daily recovery point of Gold/Orders is 27 hours old; 26 hours are allowed.',
  since: '2026-11-20T03:10:00.000Z',
  means: 'If the database were lost now, more than the promised 15 minutes of data could be lost with it.',
  nextStep: 'Look at the newest backup jobs of the database in AWS Backup.',
  links: [{ label: 'Database', url: `https://${region}.console.aws.amazon.com/rds/home?region=${region}` }],
  site: 'acme',
  region,
  plan: 'Gold',
  owner: 'Payments',
  resources: ['Gold/Orders'],
};

/** Lets the clock of this process stand at a moment; nothing else of time is touched. */
export function at(time: string | number): void {
  jest.useFakeTimers({
    now: new Date(time),
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
}
