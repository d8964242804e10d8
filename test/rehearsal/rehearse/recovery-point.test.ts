import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { Duration } from 'aws-cdk-lib';
import type { Client } from 'pg';
import { BackupTiers, Check, Expect, RecoverySource } from '../../../lib';
import type { RunningDatabase } from '../../../rehearsal/database-engine';
import { FAULTS, faultNamed, requireSource } from '../../../rehearsal/rehearse/faults';
import { passWholeSecond } from '../../../rehearsal/rehearse/scenario/moment';
import type { Scenario } from '../../../rehearsal/rehearse/scenario/scenario';
import { DEFINITION } from '../../lambda/evidence/samples';
import { assemblyWith, openRehearsal, type Opened } from './opened';
import { validEvidence } from './support';

jest.setTimeout(120_000);

/** Rows are written before the backup and after it: a recovery point has the first alone. */
class Events implements Scenario {
  readonly drill = 'Standard';
  readonly backUpFirst = false;
  readonly database = 'postgres';

  async load(database: RunningDatabase): Promise<string> {
    const owner = await this.owner(database);
    await owner.query('create table events (name text not null, at timestamptz not null default clock_timestamp())');
    await owner.query(`grant select on events to ${database.masterUsername}`);
    await owner.query(`insert into events values ('backed up')`);
    await owner.end();
    return '1 row';
  }

  async tables(): Promise<string[]> {
    return ['public.events'];
  }

  owner(database: RunningDatabase): Promise<Client> {
    return database.superuser(this.database);
  }

  async lose(_: boolean, __: () => Promise<void>, database: RunningDatabase): Promise<Date> {
    const owner = await this.owner(database);
    await owner.query(`insert into events values ('written later')`);
    const moment = await passWholeSecond();
    await owner.end();
    return moment;
  }

  async close(): Promise<void> {}
}

/** What the reasons must say, so that a person knows what happened. */
const SAYS: Record<string, RegExp> = {
  'recovery-points-partial': /nothing to restore from.*1 PARTIAL/i,
  'recovery-points-expired': /nothing to restore from.*1 EXPIRED/i,
  'restore-job-failed': /ended FAILED: The snapshot is damaged/,
  'restore-job-with-issues': /with issues: Some settings could not be restored/,
  'restore-job-late': /not available/,
};

let opened: Opened;
beforeAll(async () => {
  const assembly = assemblyWith(
    Duration.days(1),
    {
      sources: [RecoverySource.recoveryPoint()],
      checks: [
        Check.query('events', `select string_agg(name, ', ') from events`, Expect.equalTo('backed up')),
        Check.freshness('events', 'at'),
      ],
    },
    BackupTiers.grandfatherFatherSon(),
  );
  opened = await openRehearsal({
    scenario: new Events(),
    baseline: false,
    patience: { available: 25, ttl: 5 },
    ...assembly,
  });
});
afterAll(() => opened.close());

/** Nobody but the roles of the template did anything, and none was refused; nothing is left. */
function expectClean(): void {
  const { rehearsal } = opened;
  expect(rehearsal.site.account.aws.calls.filter(({ allowed }) => !allowed)).toEqual([]);
  expect(rehearsal.site.problems()).toEqual([]);
  expect(rehearsal.site.account.rds.problems).toEqual([]);
  expect(rehearsal.left()).toEqual([]);
}

test('a drill from a recovery point has what AWS Backup took, and its age counts as loss', async () => {
  const { evidence, json, page } = await opened.rehearsal.drill();
  expect({ verdict: evidence.verdict, reasons: evidence.reasons }).toMatchObject({ verdict: 'PASSED' });
  expect(validEvidence(json)).toEqual([]);
  expect(evidence.source).toMatchObject({
    kind: 'recovery-point',
    identifier: expect.stringMatching(/^awsbackup:job-/),
    arn: expect.stringMatching(/^arn:aws:rds:eu-west-1:\d{12}:snapshot:awsbackup:job-/),
    vault: expect.stringMatching(/^rcv-/),
    createdAt: expect.any(String),
    instanceClass: 'db.t4g.micro',
  });
  expect(evidence.rpo.method).toBe('data');
  expect(evidence.removed.map(({ kind }) => kind)).toEqual(['db-instance', 'secret']);
  expect(evidence.differences.join('\n')).toMatch(/AWS Backup restored the copy under a role/);
  expect(page).toContain(evidence.source!.vault);
  expect(opened.rehearsal.site.account.backup.restoreJobs).toMatchObject([{ status: 'COMPLETED' }]);
  expectClean();
});

const faults = FAULTS.filter(({ from }) => from === 'recovery-point').map(({ name }) => name);

test('every fault of recovery points is expected to say something, and needs a drill that restores from one', () => {
  expect(Object.keys(SAYS).sort()).toEqual([...faults].sort());
  for (const name of faults) {
    expect(() => requireSource(faultNamed(name), DEFINITION)).toThrow(
      /needs a drill that restores from a recovery point/,
    );
  }
});

test.each(faults)('%s: the verdict, evidence that says why, and nothing left', async (name) => {
  const fault = faultNamed(name);
  const { evidence, json, page } = await opened.rehearsal.drill({ fault });
  expect([evidence.verdict, ...evidence.reasons].join('\n')).toMatch(new RegExp(`^${fault.verdict}`));
  expect(evidence.reasons.join('\n')).toMatch(SAYS[name]);
  expect(validEvidence(json)).toEqual([]);
  expect(page).toContain(fault.verdict);
  if (name === 'restore-job-late') {
    // It made its instance when the drill was being torn down, and that was waited for.
    expect(opened.rehearsal.site.account.backup.restoreJobs.at(-1)).toMatchObject({ status: 'COMPLETED' });
    expect(evidence.removed).toMatchObject([{ kind: 'db-instance' }]);
  }
  expectClean();
});

test('a drill that was stopped while AWS Backup restored: the sweeper finds the copy by its note', async () => {
  const { aws, backup } = opened.rehearsal.site.account;
  const claims = () => aws.calls.filter(({ operation }) => operation === 'AddTagsToResource').length;
  const before = claims();
  const { evidence } = await opened.rehearsal.drill({ fault: faultNamed('machine-stopped') });
  expect(evidence.verdict).toBe('INCONCLUSIVE');
  expect(evidence.leftBehind.map(({ kind }) => kind)).toContain('db-instance');
  // Nobody had tagged it.
  expect(claims()).toBe(before);
  expect(backup.restoreJobs.at(-1)).toMatchObject({ status: 'COMPLETED' });
  expectClean();
});
