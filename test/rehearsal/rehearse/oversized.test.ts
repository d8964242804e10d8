import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { ShopScenario } from '../../../rehearsal/rehearse/scenario/shop';
import { assemblyWith, openRehearsal, type Opened } from './opened';
import { validEvidence } from './support';

jest.setTimeout(120_000);

let opened: Opened | undefined;
afterEach(() => opened?.close());

/** Puts another handler in the place of a function's; one of ours never answers like this. */
function replaceHandler(cloudAssembly: string, stack: string, word: string, code: string): void {
  const { Resources } = JSON.parse(readFileSync(path.join(cloudAssembly, `${stack}.template.json`), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { Code?: { S3Key: string } } }>;
  };
  const [, found] =
    Object.entries(Resources).find(([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.includes(word)) ?? [];
  const asset = `asset.${found!.Properties.Code!.S3Key.replace(/\.zip$/, '')}`;
  writeFileSync(path.join(cloudAssembly, asset, 'index.mjs'), code);
}

test('an answer larger than a state may hold ends the execution: recorder and sweeper do the rest', async () => {
  const { cloudAssembly, stack } = assemblyWith(Duration.minutes(15), {});
  replaceHandler(
    cloudAssembly,
    stack,
    'Ready',
    `export const handler = async () => ({ filler: 'x'.repeat(257 * 1024) });`,
  );
  const scenario = Object.assign(new ShopScenario(), { drill: 'Standard' });
  opened = await openRehearsal({ scenario, cloudAssembly, stack, patience: { ttl: 3 } });
  const { rehearsal } = opened;
  const { evidence, json } = await rehearsal.drill({ accident: false });

  expect(rehearsal.site.account.states.executions).toMatchObject([
    { status: 'FAILED', error: 'States.DataLimitExceeded' },
  ]);
  expect(evidence.verdict).toBe('INCONCLUSIVE');
  expect(evidence.leftBehind.length).toBeGreaterThan(0);
  expect(validEvidence(json)).toEqual([]);
  expect(rehearsal.left()).toEqual([]);
  expect(rehearsal.site.problems()).toEqual([]);
});
