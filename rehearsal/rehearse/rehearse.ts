import { constants } from 'node:fs';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Evidence } from '../../lib/private/contract/evidence';
import type { DatabaseEngine } from '../database-engine';
import { makeRunDirectory, openPostgresEngine } from '../postgres';
import { faultNamed, UserError, type Fault } from './faults';
import type { Progress } from './phases';
import type { DrillRecord } from './record';
import { Rehearsal } from './rehearsal';
import { DumpScenario } from './scenario/dump';
import type { Scenario } from './scenario/scenario';
import { ShopScenario } from './scenario/shop';

export interface RehearseOptions {
  /** The user's own data; default: the shop. */
  readonly dump?: string;
  /** Name of a fault. */
  readonly fault?: string;
  /** Default `./recoverable-evidence/<drill id>`. */
  readonly out?: string;
  readonly progress: Progress;
  /** Ends the rehearsal early; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface RehearsalOutcome {
  readonly evidence: Evidence;
  readonly files: { readonly json: string; readonly page: string };
}

/** One rehearsal from nothing to evidence; everything it started is gone when it resolves or rejects. */
export async function rehearse({ dump, fault, out, progress, signal }: RehearseOptions): Promise<RehearsalOutcome> {
  const named = fault === undefined ? undefined : faultNamed(fault);
  const scenario = dump === undefined ? new ShopScenario() : await DumpScenario.open(dump);
  const target = await writable(out ?? 'recoverable-evidence');
  progress.begin('Start PostgreSQL');
  const engine = await openPostgresEngine();
  const folder = await makeRunDirectory(undefined, tmpdir());
  const run = new Run(engine, folder, scenario, progress);
  const close = () => {
    progress.failed('interrupted');
    void run.close().catch(() => {});
  };
  signal?.addEventListener('abort', close);
  try {
    signal?.throwIfAborted();
    const { evidence, json, page } = await run.drill(named, dump !== undefined);
    return {
      evidence,
      files: await write(out === undefined ? path.join(target, evidence.drillId) : target, json, page),
    };
  } catch (error) {
    // What an end in the middle breaks is no news.
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', close);
    await run.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a rehearsal holds open while it runs. */
class Run {
  private rehearsal?: Rehearsal;
  private closing?: Promise<void>;

  constructor(
    private readonly engine: DatabaseEngine,
    private readonly folder: string,
    private readonly scenario: Scenario,
    private readonly progress: Progress,
  ) {}

  async drill(fault: Fault | undefined, isDump: boolean): Promise<DrillRecord> {
    const { engine, folder, scenario, progress } = this;
    this.rehearsal = await Rehearsal.open({
      engine,
      folder,
      scenario,
      faults: {},
      patience: fault?.patience,
      fault,
      progress,
    });
    // A dump declares no expectations: what its data should look like, a passed drill must have seen.
    if (fault?.inData && isDump) await this.rehearsal.drill({ accident: false });
    return this.rehearsal.drill({ fault });
  }

  /** Ends everything, also in the middle: what is under way then fails. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    try {
      await this.rehearsal?.close();
    } finally {
      await this.engine.close();
    }
  }
}

/** The folder, made and found writable before a drill is run for nothing. */
async function writable(out: string): Promise<string> {
  const folder = path.resolve(out);
  try {
    if (out === '') throw new Error('its name is empty');
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `cannot write the evidence to ${JSON.stringify(out)}: ${why}; name another directory with --out`,
    );
  }
  return folder;
}

async function write(folder: string, json: string, page: string): Promise<RehearsalOutcome['files']> {
  await mkdir(folder, { recursive: true });
  const files = { json: path.join(folder, 'evidence.json'), page: path.join(folder, 'evidence.html') };
  await writeFile(files.json, json);
  await writeFile(files.page, page);
  return files;
}
