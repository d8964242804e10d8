import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { DrillSchedule, Engine, RecoveryPlan, type BackupTiers, type DrillOptions } from '../../../lib';
import type { DatabaseEngine } from '../../../rehearsal/database-engine';
import { openPostgresEngine } from '../../../rehearsal/postgres';
import { Rehearsal, type RehearsalOptions } from '../../../rehearsal/rehearse/rehearsal';
import { silent } from './support';

export interface Opened {
  readonly rehearsal: Rehearsal;
  /** Buckets and logs. */
  readonly folder: string;
  close(): Promise<void>;
}

/**
 * A rehearsal on a real server; the packed example unless another cloud assembly is given.
 * @param look at the engine before it makes anything
 */
export async function openRehearsal(
  options: Pick<RehearsalOptions, 'scenario'> & Partial<RehearsalOptions>,
  look: (engine: DatabaseEngine) => void = () => {},
): Promise<Opened> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rcv-'));
  const engine = await openPostgresEngine();
  look(engine);
  const closed = async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const rehearsal = await Rehearsal.open({ engine, folder, faults: {}, progress: silent, ...options });
    const close = async () => {
      await rehearsal.close();
      await closed();
    };
    return { rehearsal, folder, close };
  } catch (error) {
    await closed();
    throw error;
  }
}

/** A cloud assembly with one drill, named Standard, of an existing instance. */
export function assemblyWith(
  rpo: Duration,
  drill: Omit<DrillOptions, 'schedule'>,
  backup?: BackupTiers,
): { cloudAssembly: string; stack: string } {
  const app = new App();
  const stack = new Stack(app, 'Rehearsed', { env: { region: 'eu-west-1' } });
  const plan = new RecoveryPlan(stack, 'Plan', {
    owner: 'Tests',
    alerts: { ticket: new Topic(stack, 'Tickets') },
    objectives: { rpo, rto: Duration.hours(1) },
    backup,
  });
  plan
    .protectInstanceById('Events', 'events-prod', { engine: Engine.POSTGRES })
    .addDrill('Standard', { schedule: DrillSchedule.weekly(), ...drill });
  return { cloudAssembly: app.synth().directory, stack: stack.stackName };
}
