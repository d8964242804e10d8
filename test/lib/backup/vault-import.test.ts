import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { configured } from '../../../bin/app/configured';
import { config } from '../../../bin/config';
import { RecoverySite } from '../../../lib';
import { newApp } from '../app';
import { newStack } from '../support';

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Record<string, unknown>;
}

/** What would be lost with its stack, and how AWS identifies each to `cdk import`. */
const KEPT: Record<string, string> = {
  'AWS::Backup::BackupVault': 'BackupVaultName',
  'AWS::KMS::Key': 'KeyId',
  'AWS::S3::Bucket': 'BucketName',
};

const kept = (resources: Record<string, Resource>) =>
  Object.fromEntries(
    Object.entries(resources).filter(([, each]) => each.Type in KEPT && each.DeletionPolicy !== 'Delete'),
  );

function siteOf({ stack = 'Dr', region = 'eu-central-1', name = 'acme' } = {}) {
  const home = newStack({ account: '111122223333', region }, newApp(), stack);
  const site = new RecoverySite(home, 'Recovery', { name });
  site.vault();
  return { site, resources: kept(Template.fromStack(Stack.of(site)).toJSON().Resources) };
}

test('vault, keys and buckets outlive their stack, and not a failed first deployment', () => {
  const { resources } = siteOf();
  const types = Object.values(resources).map(({ Type }) => Type);
  expect(types.sort()).toEqual([
    'AWS::Backup::BackupVault',
    'AWS::KMS::Key',
    'AWS::KMS::Key',
    'AWS::S3::Bucket',
    'AWS::S3::Bucket',
  ]);
  for (const { DeletionPolicy, UpdateReplacePolicy } of Object.values(resources)) {
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
  }
});

test('a second deployment of a site has the same names and ids, and of any other site other names', () => {
  const first = siteOf();
  expect(siteOf().resources).toEqual(first.resources);
  const others = [siteOf({ stack: 'Other' }), siteOf({ region: 'us-east-1' }), siteOf({ name: 'other' })];
  const names = [first, ...others].map(({ site }) => site.vault().vaultName);
  expect(new Set(names).size).toBe(4);
});

test('the page that says how to adopt them names what the deployable app makes', () => {
  const page = readFileSync(path.join(__dirname, '..', '..', '..', 'docs', 'vault-import.md'), 'utf8');
  const mapping = JSON.parse(/```json\n([^`]+)```/.exec(page)![1]) as Record<string, Record<string, string>>;
  const app = newApp();
  configured(app, { ...config, databases: [{ name: 'Legacy', identifier: 'legacy-prod' }] });
  const resources = kept(app.synth().getStackByName('RecoverableDr').template.Resources);
  const identified = Object.entries(resources).map(([id, { Type }]) => [id, KEPT[Type]]);
  expect(Object.entries(mapping).map(([id, identity]) => [id, ...Object.keys(identity)])).toEqual(
    expect.arrayContaining(identified),
  );
  expect(Object.keys(mapping)).toHaveLength(identified.length);
  const [vault] = Object.values(resources).filter(({ Type }) => Type === 'AWS::Backup::BackupVault');
  const names = page.match(/rcv-main-[0-9a-f]{8}/g)!;
  expect(new Set(names)).toEqual(new Set([vault.Properties.BackupVaultName]));
});
