import type { BackupClient, RecoveryPointByBackupVault } from '@aws-sdk/client-backup';
import { AddTagsToResourceCommand, DeleteDBInstanceCommand, DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { completed } from '../../../lambda/drill/choose/recovery-point';
import { createdBy } from '../../../lambda/drill/ready/restore-job';
import type { SweepAnswer } from '../../../lambda/drill/sweep/handler';
import { keys } from '../../../lambda/shared/keys';
import { drillTags } from '../../../lambda/shared/tags';
import type {
  DrillFacts,
  DrillState,
  InstanceFacts,
  RestoreFacts,
  SourceDefinition,
  SourceFacts,
  TeardownFacts,
} from '../../../lib/private/contract/drill';
import type { Faults } from '../../../rehearsal/aws';
import { account, region, rejection, until } from '../../rehearsal/aws/support';
import { definition, drillOf, openSite, ORDERS, PREFIX, type Site } from '../account';

const faults: Faults = {};
const setFaults = (now: Faults) => {
  for (const name of Object.keys(faults)) delete faults[name as keyof Faults];
  Object.assign(faults, now);
};

let site: Site;
let point: string;
let choose: (state: DrillState) => Promise<SourceFacts>;
let restore: (state: DrillState) => Promise<RestoreFacts>;
let ready: (state: DrillState) => Promise<InstanceFacts>;
let tearDown: (state: DrillState) => Promise<TeardownFacts>;
let sweep: () => Promise<SweepAnswer>;
beforeAll(async () => {
  site = await openSite({ faults });
  const team = [{ Key: 'team', Value: 'payments' }];
  await site.rds.send(new AddTagsToResourceCommand({ ResourceName: ORDERS, Tags: team }));
  await site.recoveryPoint();
  point = await site.recoveryPoint();
  ({ handler: choose } = await import('../../../lambda/drill/choose/handler'));
  ({ handler: restore } = await import('../../../lambda/drill/restore/handler'));
  ({ handler: ready } = await import('../../../lambda/drill/ready/handler'));
  ({ handler: tearDown } = await import('../../../lambda/drill/teardown/handler'));
  ({ handler: sweep } = await import('../../../lambda/drill/sweep/handler'));
});
afterAll(() => site.close());
afterEach(() => setFaults({}));

const SOURCE: SourceDefinition = { kind: 'recovery-point', vault: 'vault', resourceArn: ORDERS };
let drills = 0;

async function declared(source: SourceDefinition = SOURCE, more: Partial<DrillFacts> = {}): Promise<DrillFacts> {
  const drill = drillOf(String(++drills).padStart(20, '0'), more);
  await site.state.put(drill.definition, { ...definition, sources: [source] });
  return drill;
}

/** A drill whose restore job was asked for. */
async function asked(more: Partial<DrillFacts> = {}): Promise<DrillState> {
  const drill = await declared(SOURCE, more);
  const source = await choose({ drill });
  return { drill, source, restore: await restore({ drill, source }) };
}

const available = (state: DrillState) =>
  until(
    () => ready(state),
    (facts) => facts.ready,
  );
const jobOf = ({ restore: made }: DrillState) => site.restoreJobs().find(({ id }) => id === made?.job)!;

/** Round after round, as the machine does it. */
async function rounds(state: DrillState): Promise<TeardownFacts> {
  let teardown: TeardownFacts | undefined;
  return until(
    async () => (teardown = await tearDown({ ...state, teardown })),
    ({ gone }) => gone,
  );
}

async function instance({ drill }: DrillState) {
  const identifier = drill.names.instance;
  const { DBInstances } = await site.rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }));
  return DBInstances![0];
}

describe('Choose', () => {
  test('takes the newest complete one of exactly this resource, with the time of its data', async () => {
    const source = await choose({ drill: await declared() });
    expect(source).toMatchObject({
      kind: 'recovery-point',
      arn: point,
      identifier: point.split(':').slice(6).join(':'),
      restorePoint: source.latestRestorableTime,
      engineVersion: '18.4',
      instanceClass: 'db.t4g.micro',
      production: { instanceClass: 'db.t4g.micro' },
      recoveryPoint: { vault: 'vault' },
    });
    expect(source.restorePoint >= source.recoveryPoint!.createdAt).toBe(true);
  });

  test.each(['PARTIAL', 'EXPIRED'] as const)('none that is %s, and says what is there', async (status) => {
    setFaults({ recoveryPointsAre: status });
    expect(await rejection(choose({ drill: await declared() }))).toMatchObject({
      name: 'NoRecoverySource',
      message: expect.stringContaining(`there are: 2 ${status}`),
    });
  });

  test('none from after the declared disaster, none of another resource, none of another vault', async () => {
    const early = await declared(SOURCE, { disasterAt: '2020-01-01T00:00:00.000Z' });
    expect((await rejection(choose({ drill: early }))).name).toBe('NoRecoverySource');
    const other = await declared({ ...SOURCE, resourceArn: `${ORDERS}-other` } as SourceDefinition);
    expect((await rejection(choose({ drill: other }))).message).toMatch(/there are: none/);
    const elsewhere = await declared({ ...SOURCE, vault: 'elsewhere' } as SourceDefinition);
    expect((await rejection(choose({ drill: elsewhere }))).name).toBe('ResourceNotFoundException');
  });

  test('compares whose a recovery point is, whatever the vault lists', () => {
    const listed = (more: Partial<RecoveryPointByBackupVault>): RecoveryPointByBackupVault => ({
      RecoveryPointArn: point,
      ResourceArn: ORDERS,
      Status: 'COMPLETED',
      CreationDate: new Date('2026-11-20T05:00:00Z'),
      ...more,
    });
    const snapshot = (job: string) => `arn:aws:rds:${region}:${account}:snapshot:awsbackup:${job}`;
    const points = [
      listed({ ResourceArn: `${ORDERS}-other` }),
      listed({ IsParent: true }),
      listed({ RecoveryPointArn: `arn:aws:backup:${region}:${account}:recovery-point:continuous:db-ABC` }),
      listed({ RecoveryPointArn: snapshot('job-1'), CreationDate: new Date('2026-11-19T05:00:00Z') }),
      listed({ RecoveryPointArn: snapshot('copyjob-2') }),
      ...(['AVAILABLE', 'CREATING', 'DELETING', 'EXPIRED', 'PARTIAL', 'STOPPED'] as const).map((Status) =>
        listed({ Status }),
      ),
      listed({ Status: undefined }),
    ];
    expect(completed(points, ORDERS).map(({ arn }) => arn)).toEqual([snapshot('copyjob-2'), snapshot('job-1')]);
  });
});

describe('Restore', () => {
  test('leaves a note before it asks, says everything itself, and asked again has the same job', async () => {
    const drill = await declared();
    const source = await choose({ drill });
    process.env.RESTORE_ROLE = `arn:aws:iam::${account}:role/nobody`;
    await rejection(restore({ drill, source }));
    process.env.RESTORE_ROLE = `arn:aws:iam::${account}:role/restore`;
    const note = (await site.state.get(keys.restoreNote(drill.id)))!.value;
    expect(note).toMatchObject({ drill: drill.id, instance: drill.names.instance, recoveryPoint: point });

    const first = await restore({ drill, source });
    expect(await restore({ drill, source })).toEqual(first);
    expect(first.startedAt).toBe((note as { requestedAt: string }).requestedAt);
    expect(site.restoreJobs().filter(({ id }) => id === first.job)).toHaveLength(1);
    await available({ drill, source, restore: first });
    const copy = await instance({ drill, source, restore: first });
    expect(copy).toMatchObject({
      DBSubnetGroup: { DBSubnetGroupName: 'drill' },
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-drill' }],
      DBParameterGroups: [{ DBParameterGroupName: 'default.postgres18' }],
      MultiAZ: false,
      PubliclyAccessible: false,
      DeletionProtection: false,
    });
    await rounds({ drill, source, restore: first });
  });
});

describe('Is it ready?', () => {
  test('waits for the job, then makes the copy the drill’s: its tags, and none of the source', async () => {
    const state = await asked();
    expect((await ready(state)).ready).toBe(false);
    await available(state);
    expect((await instance(state)).TagList).toEqual(drillTags(state.drill));
    await rounds(state);
  });

  test.each<[string, Faults, string, RegExp]>([
    [
      'failed',
      { restoreJobFails: 'The snapshot is damaged.' },
      'RestoreEndedBadly',
      /ended FAILED: The snapshot is damaged/,
    ],
    [
      'lacked a right',
      { restoreJobFails: 'User: x is not authorized to perform: rds:Y' },
      'AccessDenied',
      /authorized/,
    ],
    [
      'could not use a key',
      {
        restoreJobFails:
          'The specified KMS key [arn:aws:kms:x] does not exist, is not enabled or you do not have permissions to access it.',
      },
      'KMSKeyNotAccessibleFault',
      /KMS key/,
    ],
    ['met a quota', { restoreJobFails: 'DB Instance quota exceeded' }, 'QuotaReached', /quota/],
    ['met a name', { restoreJobFails: 'DB instance already exists' }, 'NameTaken', /already exists/],
    [
      'had issues',
      { restoreJobIssues: 'Some settings are missing.' },
      'RestoredWithIssues',
      /Some settings are missing/,
    ],
  ])('a job that %s is told by its message', async (_, given, name, says) => {
    setFaults(given);
    const state = await asked();
    const error = await rejection(available(state));
    expect(error).toMatchObject({ name, message: expect.stringMatching(says) });
    await rounds(state);
  });

  test('a job of which nothing is known is never taken for a good one', async () => {
    const state = await asked();
    await available(state);
    const lost = { ...state, restore: { ...state.restore!, job: undefined } };
    expect((await rejection(ready(lost))).name).toBe('RestoreJobUnknown');
    const other = { ...state, restore: { ...state.restore!, job: 'other' } };
    expect((await rejection(ready(other))).name).toBe('RestoreJobUnknown');
    const says = (answer: object) => createdBy({ send: async () => answer } as unknown as BackupClient, 'job');
    for (const answer of [{}, { Status: 'PAUSED' }, { Status: 'COMPLETED' }]) {
      expect([answer, (await rejection(says(answer))).name]).toEqual([answer, 'RestoreJobUnknown']);
    }
    const foreign = await rejection(ready({ ...state, restore: { ...state.restore!, instance: 'orders' } }));
    expect(foreign.name).toBe('NameTaken');
    await rounds(state);
  });
});

describe('Tear down', () => {
  test('waits for a job that goes on, even one whose answer was lost, and removes what it then makes', async () => {
    setFaults({ restoreJobWaits: true });
    const state = await asked();
    const job = jobOf(state);
    const lost = { ...state, restore: undefined };
    expect(await tearDown(lost)).toMatchObject({
      gone: false,
      removed: [],
      leftBehind: [{ kind: 'restore-job', identifier: job.id }],
    });
    setFaults({});
    const facts = await rounds(lost);
    expect(job.status).toBe('COMPLETED');
    expect(facts.removed).toEqual([{ kind: 'db-instance', identifier: state.drill.names.instance }]);
    expect(site.instances()).toEqual([]);
  });

  test('a job that is not listed yet goes on', async () => {
    const state = await asked();
    await available(state);
    const late = { ...state, restore: { ...state.restore!, job: 'not-listed' } };
    expect((await tearDown(late)).leftBehind).toEqual([{ kind: 'restore-job', identifier: 'not-listed' }]);
    await rounds(state);
  });

  test('what does not end in time is named as left', async () => {
    setFaults({ restoreJobWaits: true });
    const state = await asked();
    const startedAt = new Date(Date.now() - 60_000).toISOString();
    const teardown: TeardownFacts = { gone: false, waitSeconds: 1, startedAt, removed: [], leftBehind: [] };
    expect(await rejection(tearDown({ ...state, teardown }))).toMatchObject({
      name: 'LeftBehind',
      message: expect.stringContaining(`restore-job ${jobOf(state).id}`),
    });
    setFaults({});
    await rounds(state);
  });

  test('leaves alone what carries the name without a tag and is older than the drill', async () => {
    const old = await declared();
    await site.restored(old, []);
    const drill = { ...old, startedAt: new Date(Date.now() + 1000).toISOString() };
    const source = await choose({ drill });
    expect((await rejection(tearDown({ drill, source }))).name).toBe('NotOurs');
    expect(site.instances()).toEqual([drill.names.instance]);
    await rounds({ drill: old, source });
  });
});

describe('the sweeper', () => {
  const PAST = { expiresAt: '2026-01-01T00:00:00.000Z' };

  test('knows an untagged copy by its drill’s note, and removes it once its job has ended', async () => {
    const state = await asked(PAST);
    const name = `db-instance ${state.drill.names.instance}`;
    await until(
      async () => site.instances(),
      (all) => all.length === 1,
    );
    const answer = await until(sweep, ({ removed, kept }) => removed.length + kept.length > 0);
    expect(answer.removed).toEqual([name]);
    expect(jobOf(state).status).toBe('COMPLETED');
    await until(
      async () => site.instances(),
      (all) => all.length === 0,
    );
  });

  test('leaves that of a running drill alone, and counts one that nobody noted', async () => {
    const state = await asked(PAST);
    site.execution(state.drill.execution, 'RUNNING');
    const unknown = drillOf('f'.repeat(20));
    await until(
      async () => site.instances(),
      (all) => all.length === 1,
    );
    await site.restored(unknown, []);
    expect(await sweep()).toMatchObject({ removed: [], waiting: [], kept: [`db-instance ${PREFIX}${unknown.id}`] });
    await rounds(state);
  });

  test('keeps a copy whose note cannot be read, and removes the others all the same', async () => {
    const [unreadable, late] = [drillOf('e'.repeat(20)), drillOf('d'.repeat(20), PAST)];
    await site.restored(unreadable, []);
    await site.state.putText(keys.restoreNote(unreadable.id), '{', 'application/json');
    await site.secret(late);
    const { removed, kept } = await sweep();
    expect(removed).toEqual([`secret ${late.names.secret}`]);
    expect(kept).toContain(`db-instance ${unreadable.names.instance}`);
  });
});

test('the sweeper waits for a job that goes on, however late it is', async () => {
  setFaults({ neverAvailable: true });
  const { drill } = await asked({ expiresAt: '2026-01-01T00:00:00.000Z' });
  await until(
    async () => site.instances(),
    (all) => all.includes(drill.names.instance),
  );
  expect(await sweep()).toMatchObject({ removed: [], waiting: [`db-instance ${drill.names.instance}`] });
});

test('production may be gone: the recovery point says what it was', async () => {
  await site.rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'orders', SkipFinalSnapshot: true }));
  await until(
    () =>
      rejection(site.rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'orders' }))).catch(() => null),
    (error) => error !== null,
  );
  const source = await choose({ drill: await declared() });
  expect(source).toMatchObject({ arn: point, instanceClass: 'db.t4g.micro', engineVersion: '18.4' });
  expect(source.production).toBeUndefined();
});
