import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ANCHORS, consoleOf, runbook } from '../../../../lambda/monitoring/messages/links';

const page = readFileSync(path.resolve(__dirname, '../../../../docs/alarms.md'), 'utf8');

test('every section that a message links to exists, and each that exists is linked to', () => {
  const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title.toLowerCase().replaceAll(' ', '-'));
  expect([...sections].sort()).toEqual([...ANCHORS].sort());
});

test('a plan’s own runbook takes the place of that page', () => {
  expect(runbook('https://wiki/runbook', 'finding').url).toBe('https://wiki/runbook');
  expect(runbook(undefined, 'finding').url).toMatch(/docs\/alarms\.md#finding$/);
});

test.each([
  ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/rds/'],
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/rds/'],
  ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/rds/'],
])('the console of %s has its own address', (region, address) => {
  expect(consoleOf.resource(region, 'db-instance', 'orders').url.startsWith(address)).toBe(true);
});
