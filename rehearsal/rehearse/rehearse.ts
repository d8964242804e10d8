import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Evidence } from '../../lib/private/contract/evidence';
import type { Faults } from '../aws/faults';
import { openPostgresEngine } from '../postgres';
import { faultNamed } from './faults';
import type { Progress } from './phases';
import { Rehearsal } from './rehearsal';
import { DumpScenario } from './scenario/dump';
import { ShopScenario } from './scenario/shop';

export interface RehearseOptions {
  /** The user's own data; default: the shop. */
  readonly dump?: string;
  /** Name of a fault. */
  readonly fault?: string;
  /** Default `./recoverable-evidence/<drill id>`. */
  readonly out?: string;
  readonly progress: Progress;
}

export interface RehearsalOutcome {
  readonly evidence: Evidence;
  readonly files: { readonly json: string; readonly page: string };
}

/** One rehearsal from nothing to evidence; everything it started is gone when it resolves or rejects. */
export async function rehearse({ dump, fault: name, out, progress }: RehearseOptions): Promise<RehearsalOutcome> {
  const fault = name === undefined ? undefined : faultNamed(name);
  const scenario = dump === undefined ? new ShopScenario() : await DumpScenario.open(dump);
  const folder = await mkdtemp(path.join(tmpdir(), 'recoverable-site-'));
  progress.begin('Start PostgreSQL');
  const engine = await openPostgresEngine();
  let rehearsal: Rehearsal | undefined;
  try {
    const faults: Faults = {};
    rehearsal = await Rehearsal.open({ engine, folder, scenario, faults, patience: fault?.patience, progress });
    // A dump declares no expectations: what its data should look like, a passed drill must have seen.
    if (fault?.inData && dump !== undefined) await rehearsal.drill({ accident: false });
    const done = await rehearsal.drill({ fault });
    const target = path.resolve(out ?? path.join('recoverable-evidence', done.evidence.drillId));
    await mkdir(target, { recursive: true });
    const files = { json: path.join(target, 'evidence.json'), page: path.join(target, 'evidence.html') };
    await writeFile(files.json, done.json);
    await writeFile(files.page, done.page);
    return { evidence: done.evidence, files };
  } finally {
    await rehearsal?.close();
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}
