import { App } from 'aws-cdk-lib';
import { configured } from '../../bin/app/configured';
import { type AppConfig, config } from '../../bin/config';
import { newApp } from '../lib/app';

const legacy = { name: 'Legacy', identifier: 'legacy-prod' };

const build = (changes: Partial<AppConfig>) => {
  const app = newApp();
  configured(app, { ...config, databases: [legacy], ...changes });
  return app.synth();
};

const typesOf = (template: { Resources: Record<string, { Type: string }> }) =>
  new Set(Object.values(template.Resources).map(({ Type }) => Type));

test('two Regions: the recovery site comes first, and the databases are copied to it', () => {
  const assembly = build({});
  expect(assembly.stacks.map(({ stackName }) => stackName)).toEqual(['RecoverableDr', 'Recoverable']);
  const { template, dependencies } = assembly.getStackByName('Recoverable');
  expect(dependencies.map(({ id }) => id)).toContain('RecoverableDr');
  const plans = Object.values(template.Resources as Record<string, { Type: string; Properties: never }>).filter(
    ({ Type }) => Type === 'AWS::Backup::BackupPlan',
  );
  expect(JSON.stringify(plans)).toMatch(/:backup:eu-central-1:.*:backup-vault:rcv-main-[0-9a-f]{8}"/);
  const recovery = assembly.getStackByName('RecoverableDr').template;
  expect(typesOf(recovery)).toContain('AWS::Backup::BackupVault');
  expect(schedulesOf(recovery)).toEqual([expect.stringContaining('Plan/Legacy/Copies')]);
  expect(schedulesOf(template)).toEqual([expect.stringContaining('Plan/Legacy/Weekly')]);
});

/** Of drills alone. */
function schedulesOf(template: { Resources: Record<string, { Type: string; Properties: { Description?: string } }> }) {
  return Object.values(template.Resources)
    .filter(
      ({ Type, Properties }) => Type === 'AWS::Scheduler::Schedule' && /drill /.test(Properties.Description ?? ''),
    )
    .map(({ Properties }) => Properties.Description);
}

test('one Region: one site, and nothing beside what RDS keeps', () => {
  const objectives = { rpoMinutes: 15, rtoMinutes: 120 };
  const assembly = build({ recoveryRegion: undefined, objectives });
  expect(assembly.stacks.map(({ stackName }) => stackName)).toEqual(['Recoverable']);
  const types = [...typesOf(assembly.getStackByName('Recoverable').template)];
  expect(types.filter((type) => type.startsWith('AWS::Backup::'))).toEqual([]);
});

test.each<[string, Partial<AppConfig>, string]>([
  ['no database', { databases: [] }, 'lists no databases: list at least one, or try -c example=true'],
  [
    'one name twice',
    { databases: [legacy, { ...legacy, identifier: 'other' }] },
    'lists two databases under the name Legacy: name each differently',
  ],
  [
    'one database twice',
    { databases: [legacy, { name: 'Other', identifier: 'LEGACY-PROD' }] },
    'lists the database legacy-prod twice: list it once',
  ],
  [
    'one Region twice',
    { recoveryRegion: 'eu-west-1' },
    'says eu-west-1 for region and recoveryRegion: a Region is not recovered from itself; name another, or leave recoveryRegion out',
  ],
  [
    'a promise that nothing keeps',
    { recoveryRegion: undefined },
    'promises regionLossRpoMinutes without a recoveryRegion to recover in: name one, or promise nothing of it',
  ],
  ['no Region', { region: 'Ireland' }, 'says region "Ireland", which is no name of a Region, as eu-west-1 is'],
  ['no address', { email: 'platform' }, 'says email "platform", which is no address'],
  [
    'no time',
    { objectives: { rpoMinutes: 0, rtoMinutes: 60 } },
    'says rpoMinutes 0: objectives are minutes, more than 0',
  ],
])('the app says what to do about %s', (_, changes, message) => {
  const make = () => configured(new App(), { ...config, databases: [legacy], ...changes });
  expect(make).toThrow(new Error(`bin/config.ts ${message}`));
});

test('the app says all that is wrong at once', () => {
  const make = () => configured(new App(), { ...config, databases: [], email: '' });
  expect(make).toThrow(/lists no databases.*\nbin\/config\.ts says email "", which is no address$/);
});
