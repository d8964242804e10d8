import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { ELSEWHERE, HOME, IDENTIFIER, REGION_LOSS_RPO, Regions } from './regions';
import { validEvidence } from './support';

jest.setTimeout(120_000);

/*
 * One app in several Regions, drilled where its copies are. Once the home Region is lost its AWS refuses every connection and
 * the server of its database is gone: what recovers then, recovers from the copy alone.
 */

let regions: Regions;
beforeAll(async () => {
  regions = await Regions.open();
});
afterAll(() => regions.close());

/** Nobody but the roles of the site's template did anything, none asked another Region, and nothing is left. */
function expectClean(name: keyof typeof ELSEWHERE): void {
  const site = regions.site(name);
  // A call that is signed for another Region is refused.
  expect(site.account.aws.calls.filter(({ allowed }) => !allowed)).toEqual([]);
  expect(site.problems()).toEqual([]);
  expect(site.account.rds.problems).toEqual([]);
  expect(site.left(IDENTIFIER)).toEqual([]);
}

test('before anything was copied there is nothing to recover from, and that is a failed drill', async () => {
  const { evidence, json } = await regions.drill('There', new Date());
  expect(evidence).toMatchObject({ verdict: 'FAILED', source: null });
  expect(evidence.reasons[0]).toMatch(
    new RegExp(`nothing to restore from: arn:aws:rds:${HOME}:\\d{12}:db:${IDENTIFIER} .*in the vault there are: none`),
  );
  expect(validEvidence(json)).toEqual([]);
  expectClean('There');
});

describe('after a backup, its copies, and the loss of the home Region', () => {
  let disasterAt: Date;
  beforeAll(async () => {
    disasterAt = await regions.backUpAndLoseHome();
  });

  test('the home Region does not answer', async () => {
    await expect(fetch(regions.home.account.aws.url)).rejects.toThrow();
  });

  test('a drill recovers from the copy what was committed before the backup', async () => {
    const { evidence, json, page } = await regions.drill('There', disasterAt);
    expect({ verdict: evidence.verdict, reasons: evidence.reasons }).toMatchObject({ verdict: 'PASSED' });
    expect(validEvidence(json)).toEqual([]);
    const production = `arn:aws:rds:${HOME}:000000000000:db:${IDENTIFIER}`;
    const copyArn = new RegExp(`^arn:aws:rds:${ELSEWHERE.There}:000000000000:snapshot:awsbackup:copyjob-`);
    expect(evidence.source).toMatchObject({
      kind: 'recovery-point',
      arn: expect.stringMatching(copyArn),
      resourceArn: production,
      instanceClass: 'db.m5.large',
    });
    // Another team's instance of the same name was neither taken for production nor touched.
    expect(evidence.findings).toEqual([]);
    const { instances } = regions.site('There').account.rds;
    expect(instances).toEqual([{ identifier: IDENTIFIER, status: 'available' }]);
    expect(evidence.checks.find(({ id }) => id === 'events')).toMatchObject({
      status: 'pass',
      observed: '"backed up"',
    });
    expect(evidence.rpo).toMatchObject({ method: 'data', objectiveSeconds: REGION_LOSS_RPO.toSeconds() });
    const differences = evidence.differences.join('\n');
    expect(differences).toMatch(new RegExp(`Production is in ${HOME} and was not asked`));
    expect(differences).toMatch(new RegExp(`restored in ${ELSEWHERE.There} from what AWS Backup had copied there`));
    expect(page).toContain('from a copied recovery point');
    expect(page).toContain(production);
    expect(evidence.removed.map(({ kind }) => kind)).toEqual(['db-instance', 'secret']);
    expectClean('There');
  });

  test('a drill whose role may not use the key of the copies shows nothing bad of them', async () => {
    const { evidence, json } = await regions.drill('Keyless', disasterAt);
    expect(evidence.verdict).toBe('INCONCLUSIVE');
    expect(evidence.reasons[0]).toMatch(
      /encryption key could not be used by the drill: restore job .* ended FAILED: .*KMS key/,
    );
    expect(evidence.source?.arn).toContain(ELSEWHERE.Keyless);
    expect(validEvidence(json)).toEqual([]);
    const told = regions.site('Keyless').account.sns.published;
    expect(told).toMatchObject([
      {
        topic: expect.stringContaining(`:${ELSEWHERE.Keyless}:`),
        message: expect.stringContaining('copied recovery point awsbackup:copyjob-'),
      },
    ]);
    expectClean('Keyless');
  });

  test('copies that the plan’s role was not let make are missed where they should be', async () => {
    const made = regions.home.account.backup.copyJobs.map(({ vaultArn, state }) => [vaultArn.split(':')[3], state]);
    expect(Object.fromEntries(made)).toEqual({
      [ELSEWHERE.There]: 'COMPLETED',
      [ELSEWHERE.Keyless]: 'COMPLETED',
      [ELSEWHERE.Barred]: 'FAILED',
    });
    const { evidence } = await regions.drill('Barred', disasterAt);
    expect(evidence).toMatchObject({ verdict: 'FAILED', source: null });
    expect(evidence.reasons[0]).toMatch(/nothing to restore from: .*in the vault there are: none/);
    expectClean('Barred');
  });
});
