import type { Client } from 'pg';
import type { DrillDefinition, SourceDefinition } from '../../lib/private/contract/drill';
import type { Faults as AwsFaults } from '../aws/faults';
import { INVOICES } from '../shop';
import type { ReplicaFiles } from './files';

/** One thing that goes wrong in a rehearsal, and what the evidence must then say. */
export interface Fault {
  readonly name: string;
  /** One sentence for `--list-faults`. */
  readonly what: string;
  readonly verdict: 'FAILED' | 'INCONCLUSIVE';
  /** What AWS does wrong, set before the drill. */
  readonly aws?: AwsFaults;
  /** Damage to the source before the declared disaster, by its owner. */
  readonly source?: (owner: Client, tables: readonly string[]) => Promise<void>;
  /** Damage to the restored copy. A table's name comes quoted, with its schema. */
  readonly copy?: (superuser: Client, tables: readonly string[]) => Promise<void>;
  /** Damage to the replica of the files, after it arrived there. */
  readonly replica?: (files: ReplicaFiles) => Promise<void>;
  /** The machine is stopped while it waits for the restore; the sweeper must then clean up. */
  readonly stopped?: true;
  /** Waits that this fault needs shorter, seconds. */
  readonly patience?: Readonly<Record<string, number>>;
  /** What the drill must restore from for this to happen; default: whatever it does. */
  readonly from?: SourceDefinition['kind'];
  /** Shown by the data alone: a dump, which declares no expectations, needs a passed drill before it. */
  readonly inData?: true;
}

/** The largest table comes first. */
const largest = (tables: readonly string[]) => tables[0];

export const FAULTS: readonly Fault[] = [
  {
    name: 'no-recovery-source',
    what: 'automated backups are off: there is nothing to restore from',
    verdict: 'FAILED',
    aws: { noBackups: true },
  },
  {
    name: 'incompatible-network',
    what: 'the restore ends in status incompatible-network',
    verdict: 'FAILED',
    aws: { restoreEndsIn: 'incompatible-network' },
  },
  {
    name: 'restore-failed',
    what: 'the restore ends in status failed',
    verdict: 'FAILED',
    aws: { restoreEndsIn: 'failed' },
  },
  {
    name: 'never-available',
    what: 'the restored instance never becomes available',
    verdict: 'FAILED',
    aws: { neverAvailable: true },
    patience: { available: 5 },
  },
  {
    name: 'rows-deleted',
    what: 'every row of the largest table was deleted before the restore point, and nobody noticed',
    verdict: 'FAILED',
    source: async (owner, tables) => void (await owner.query(`truncate ${largest(tables)} cascade`)),
    inData: true,
  },
  {
    name: 'stale-restore',
    what: 'the restored content is older than what was asked for',
    verdict: 'FAILED',
    aws: { restoreOlder: true },
    inData: true,
  },
  {
    name: 'table-missing',
    what: 'the largest table is missing in the restored copy',
    verdict: 'FAILED',
    copy: async (superuser, tables) => void (await superuser.query(`drop table ${largest(tables)} cascade`)),
    inData: true,
  },
  {
    name: 'migration-missing',
    what: 'the newest Flyway migration is missing in the restored copy',
    verdict: 'FAILED',
    copy: async (superuser) =>
      void (await superuser.query(
        'delete from flyway_schema_history where installed_rank = (select max(installed_rank) from flyway_schema_history)',
      )),
    inData: true,
  },
  {
    name: 'cannot-connect',
    what: 'the restored instance never accepts the new password',
    verdict: 'INCONCLUSIVE',
    aws: { refuseLogin: true },
    patience: { access: 5 },
  },
  {
    name: 'privilege-lacking',
    what: 'the master login may not read the largest table',
    verdict: 'INCONCLUSIVE',
    copy: async (superuser, tables) => {
      await superuser.query('create role another_team nologin');
      await superuser.query(`alter table ${largest(tables)} owner to another_team`);
      const { rows } = await superuser.query<{ revoke: string }>(
        `select format('revoke all on %s from %s', c.oid::regclass,
                       case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end) as revoke
           from pg_class c, aclexplode(c.relacl) a
          where c.oid = $1::regclass and a.grantee <> c.relowner`,
        [largest(tables)],
      );
      for (const { revoke } of rows) await superuser.query(revoke);
    },
  },
  {
    name: 'files-missing',
    what: 'the newest files never reached the replica',
    verdict: 'FAILED',
    replica: async (files) => {
      for (const key of files.keys().filter((one) => one.startsWith(`${INVOICES}live/`))) {
        await files.damage(key, { kind: 'missing' });
      }
    },
  },
  {
    name: 'files-replaced',
    what: 'one file in twenty of the replica holds something else under the same name',
    verdict: 'FAILED',
    replica: async (files) => {
      for (const key of files.keys().filter((_, i) => i % 20 === 0)) {
        await files.damage(key, { kind: 'replaced', content: Buffer.from('encrypted by somebody who asks for money') });
      }
    },
  },
  {
    name: 'throttled',
    what: 'RDS throttles every call',
    verdict: 'INCONCLUSIVE',
    aws: { throttle: { service: 'rds' } },
  },
  {
    name: 'machine-stopped',
    what: 'the state machine is stopped halfway; the sweeper removes what it made',
    verdict: 'INCONCLUSIVE',
    stopped: true,
    patience: { ttl: 5 },
  },
  {
    name: 'recovery-points-partial',
    what: 'AWS Backup has nothing but PARTIAL recovery points',
    verdict: 'FAILED',
    aws: { recoveryPointsAre: 'PARTIAL' },
    from: 'recovery-point',
  },
  {
    name: 'recovery-points-expired',
    what: 'AWS Backup has nothing but EXPIRED recovery points',
    verdict: 'FAILED',
    aws: { recoveryPointsAre: 'EXPIRED' },
    from: 'recovery-point',
  },
  {
    name: 'restore-job-failed',
    what: 'the restore job of AWS Backup ends FAILED',
    verdict: 'FAILED',
    aws: { restoreJobFails: 'The snapshot is damaged.' },
    from: 'recovery-point',
  },
  {
    name: 'restore-job-with-issues',
    what: 'the restore job of AWS Backup completes with issues',
    verdict: 'INCONCLUSIVE',
    aws: { restoreJobIssues: 'Some settings could not be restored.' },
    from: 'recovery-point',
  },
  {
    name: 'restore-job-late',
    what: 'the restore job of AWS Backup makes its instance after the drill has given up on it',
    verdict: 'FAILED',
    aws: { restoreJobWaits: true },
    patience: { available: 5 },
    from: 'recovery-point',
  },
];

/** Not every app has a drill in which every fault can happen. */
export function requireSource({ name, from, replica }: Fault, { drill, sources, checks }: DrillDefinition): void {
  const needs = (what: string, lacks: string) =>
    new UserError(`fault ${name} needs a drill that ${what}, and ${drill} ${lacks}`);
  if (from !== undefined && !sources.some(({ kind }) => kind === from)) {
    throw needs(`restores from a ${from.replace('-', ' ')}`, 'has none: its app takes no such backups');
  }
  if (replica && !checks.some((check) => check.kind === 'files-exist' && check.bucket.replica)) {
    throw needs('checks files in a replica', 'checks none');
  }
}

export function faultNamed(name: string): Fault {
  const fault = FAULTS.find((one) => one.name === name);
  if (!fault)
    throw new UserError(
      `no fault is named ${JSON.stringify(name)}; known are: ${FAULTS.map((one) => one.name).join(', ')}`,
    );
  return fault;
}

/** What the user got wrong: told in one sentence, exit status 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
