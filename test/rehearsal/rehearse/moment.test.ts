import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { setTimeout as sleep } from 'node:timers/promises';
import { Duration } from 'aws-cdk-lib';
import type { Client } from 'pg';
import { Check, Expect, RecoverySource } from '../../../lib';
import type { RunningDatabase } from '../../../rehearsal/database-engine';
import { passWholeSecond } from '../../../rehearsal/rehearse/scenario/moment';
import type { Scenario } from '../../../rehearsal/rehearse/scenario/scenario';
import { assemblyWith, openRehearsal, type Opened } from './opened';
import { validEvidence } from './support';

jest.setTimeout(120_000);

/** One commit in the backup, one well before the moment that is restored to, one right after it. */
class TwoCommits implements Scenario {
  readonly drill = 'Standard';
  readonly backUpFirst = false;
  readonly database = 'postgres';

  async load(database: RunningDatabase): Promise<string> {
    const owner = await this.owner(database);
    await owner.query('create table events (name text primary key, at timestamptz not null default clock_timestamp())');
    await owner.query(`grant select on events to ${database.masterUsername}`);
    await owner.query(`insert into events values ('backup')`);
    await owner.end();
    return '1 row';
  }

  async tables(): Promise<string[]> {
    return ['public.events'];
  }

  owner(database: RunningDatabase): Promise<Client> {
    return database.superuser(this.database);
  }

  async lose(_: boolean, capture: () => Promise<void>, database: RunningDatabase): Promise<Date> {
    const owner = await this.owner(database);
    await owner.query(`insert into events values ('before')`);
    await sleep(2200);
    await capture();
    const moment = await passWholeSecond();
    await owner.query(`insert into events values ('after')`);
    await owner.end();
    return moment;
  }

  async close(): Promise<void> {}
}

const CHECKS = (expected: string) => [
  Check.query('commits', `select string_agg(name, ' ' order by at) from events`, Expect.equalTo(expected)),
  Check.freshness('events', 'at'),
];

let opened: Opened | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function drill(assembly: { cloudAssembly: string; stack: string }, baseline: boolean) {
  opened = await openRehearsal({ scenario: new TwoCommits(), baseline, ...assembly });
  const record = await opened.rehearsal.drill();
  expect(validEvidence(record.json)).toEqual([]);
  expect(opened.rehearsal.left()).toEqual([]);
  expect(opened.rehearsal.site.problems()).toEqual([]);
  return record.evidence;
}

/** As production itself says. */
async function committedAt(name: string): Promise<number> {
  const client = await opened!.rehearsal.source.superuser();
  try {
    const { rows } = await client.query<{ at: Date }>('select at from events where name = $1', [name]);
    return rows[0].at.getTime();
  } finally {
    await client.end();
  }
}

test('a drill to a moment between two commits has the first and not the second, and measures to the second', async () => {
  const assembly = assemblyWith(Duration.minutes(15), { checks: CHECKS('backup before') });
  const evidence = await drill(assembly, true);
  expect({ verdict: evidence.verdict, reasons: evidence.reasons }).toMatchObject({ verdict: 'PASSED' });
  expect(evidence.tables).toMatchObject([{ schema: 'public', name: 'events', rows: 2 }]);

  const moment = Date.parse(evidence.source!.restorePoint);
  expect(moment % 1000).toBe(0);
  expect(await committedAt('after')).toBeGreaterThan(moment);
  const lost = (moment - (await committedAt('before'))) / 1000;
  expect(evidence.rpo.achievedSeconds).toBeGreaterThan(2);
  expect(Math.abs(evidence.rpo.achievedSeconds! - lost)).toBeLessThan(0.1);
});

test('a drill from a snapshot has what the snapshot has, and its age counts as loss', async () => {
  const sources = [RecoverySource.snapshot()];
  const assembly = assemblyWith(Duration.days(2), { checks: CHECKS('backup'), sources });
  const evidence = await drill(assembly, false);
  expect({ verdict: evidence.verdict, reasons: evidence.reasons }).toMatchObject({ verdict: 'PASSED' });
  expect(evidence.source).toMatchObject({ kind: 'snapshot' });
  expect(evidence.tables).toMatchObject([{ name: 'events', rows: 1 }]);
  const lost = (Date.parse(evidence.disasterAt) - (await committedAt('backup'))) / 1000;
  expect(lost).toBeGreaterThan(2);
  expect(Math.abs(evidence.rpo.achievedSeconds! - lost)).toBeLessThan(0.1);
});
