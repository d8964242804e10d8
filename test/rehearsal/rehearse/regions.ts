import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BackupTiers, Check, DrillSchedule, Expect, RecoveryPlan, RecoverySite, RecoverySource } from '../../../lib';
import type { DatabaseEngine, RunningDatabase } from '../../../rehearsal/database-engine';
import { openPostgresEngine } from '../../../rehearsal/postgres';
import { declaredSettings } from '../../../rehearsal/rehearse/production';
import { type DrillRecord, recordOf } from '../../../rehearsal/rehearse/record';
import { passWholeSecond } from '../../../rehearsal/rehearse/scenario/moment';
import { PATIENCE } from '../../../rehearsal/rehearse/settings';
import { RehearsedSite } from '../../../rehearsal/rehearse/site';
import { database } from '../../lib/backup/support';

export const HOME = 'eu-west-1';
export const IDENTIFIER = 'events-prod';
/** Promised for the loss of the Region; at home it is a quarter of an hour. */
export const REGION_LOSS_RPO = Duration.days(2);

/** Where copies go, by the stack that is there. */
export const ELSEWHERE = {
  /** As the library makes it. */
  There: 'eu-central-1',
  /** Somebody forbids the restore role to use keys. */
  Keyless: 'eu-north-1',
  /** Somebody forbids the plan's role to copy there. */
  Barred: 'eu-south-1',
} as const;
type Elsewhere = keyof typeof ELSEWHERE;

const DATA = `select string_agg(name, ', ' order by at) from events`;

/** A production database at home, copies of it in other Regions, drills in each. */
function synthesize(): string {
  const app = new App();
  const sites = Object.entries(ELSEWHERE).map(([id, region]) => {
    const stack = new Stack(app, id, { env: { region } });
    return new RecoverySite(stack, 'Recovery', { name: 'rehearsed', alerts: { ticket: new Topic(stack, 'Tickets') } });
  });
  const [, keyless] = sites;
  const stack = new Stack(app, 'Home', { env: { region: HOME } });
  const plan = new RecoveryPlan(stack, 'Plan', {
    owner: 'Tests',
    alerts: { ticket: new Topic(stack, 'Tickets') },
    objectives: { rpo: Duration.minutes(15), rto: Duration.hours(1), regionLossRpo: REGION_LOSS_RPO },
    backup: BackupTiers.grandfatherFatherSon(),
    copyTo: sites,
  });
  const storageEncryptionKey = new Key(stack, 'Key');
  plan
    .protectInstance('Events', database(stack, { instanceIdentifier: IDENTIFIER, storageEncryptionKey }))
    .addDrill('Standard', {
      schedule: DrillSchedule.weekly(),
      sources: [RecoverySource.pointInTime(), ...sites.map((site) => RecoverySource.copyIn(site))],
      checks: [Check.query('events', DATA, Expect.equalTo('backed up')), Check.freshness('events', 'at')],
    });
  keyless.recoveryPointRestore().role.addToPolicy(deny('kms:CreateGrant', '*'));
  plan.tieredBackup!.role.addToPolicy(
    deny('backup:CopyIntoBackupVault', `arn:aws:backup:${ELSEWHERE.Barred}:*:backup-vault:*`),
  );
  return app.synth().directory;
}

function deny(action: string, resource: string): PolicyStatement {
  return new PolicyStatement({ effect: Effect.DENY, actions: [action], resources: [resource] });
}

/** The Regions of one app, each with an AWS of its own. Those that are copied to are deployed first. */
export class Regions {
  private constructor(
    readonly home: RehearsedSite,
    private readonly elsewhere: ReadonlyMap<Elsewhere, RehearsedSite>,
    private readonly production: RunningDatabase,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<Regions> {
    const folder = mkdtempSync(path.join(tmpdir(), 'rcv-'));
    const engine = await openPostgresEngine();
    const opened: RehearsedSite[] = [];
    const close = async () => {
      await Promise.all(opened.map((site) => site.close()));
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    };
    try {
      const cloudAssembly = synthesize();
      const deploy = async (stack: string, region: string) => {
        const where = { engine, cloudAssembly, stack, region, folder: path.join(folder, region) };
        const site = await RehearsedSite.open({ ...where, patience: PATIENCE, faults: {}, elsewhere: [...opened] });
        opened.push(site);
        return site;
      };
      const elsewhere = new Map<Elsewhere, RehearsedSite>();
      for (const [stack, region] of Object.entries(ELSEWHERE)) {
        elsewhere.set(stack as Elsewhere, await deploy(stack, region));
      }
      const home = await deploy('Home', HOME);
      const production = await written(engine);
      const settings = declaredSettings(home.deployment, IDENTIFIER);
      await home.account.rds.adoptSource({ ...settings, identifier: IDENTIFIER, database: production });
      // Another team's, of the same name.
      const other = { class: 'db.t4g.micro', backupRetentionPeriod: 0, database: production };
      await elsewhere.get('There')!.account.rds.adoptSource({ ...other, identifier: IDENTIFIER });
      return new Regions(home, elsewhere, production, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  site(name: Elsewhere): RehearsedSite {
    return this.elsewhere.get(name)!;
  }

  /** Takes and copies what a day takes; something is written later; then nothing of the home Region is left. @returns when */
  async backUpAndLoseHome(): Promise<Date> {
    await this.home.backUp(IDENTIFIER);
    const owner = await this.production.superuser('postgres');
    await owner.query(`insert into events values ('written later')`);
    await owner.end();
    const moment = await passWholeSecond();
    await this.home.close();
    await this.production.destroy();
    return moment;
  }

  /** Runs the only drill of a site. */
  async drill(name: Elsewhere, disasterAt: Date): Promise<DrillRecord> {
    const site = this.site(name);
    const [schedule, ...others] = site.schedules();
    if (others.length > 0) throw new Error(`${name} schedules more than one drill`);
    const running = site.drill(schedule, disasterAt);
    await running.ended;
    return recordOf(site, schedule.definition.resource.name, running);
  }
}

async function written(engine: DatabaseEngine): Promise<RunningDatabase> {
  const production = await engine.create({ masterUsername: 'postgres_admin', masterPassword: 'not used here' });
  const owner = await production.superuser('postgres');
  await owner.query('create table events (name text not null, at timestamptz not null default clock_timestamp())');
  await owner.query(`grant select on events to ${production.masterUsername}`);
  await owner.query(`insert into events values ('backed up')`);
  await owner.end();
  return production;
}
