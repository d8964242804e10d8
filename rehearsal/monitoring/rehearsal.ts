import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseEngine, RunningDatabase } from '../database-engine';
import { makeRunDirectory, openPostgresEngine } from '../postgres';
import { declaredSettings } from '../rehearse/production';
import type { BackupFault } from './faults';
import { WatchedSite, type WatchedSiteOptions } from './watched-site';
import { Webhook } from './webhook';

/** Longest wait for anything that a rehearsal waits for, milliseconds. */
const PATIENCE_MS = 150_000;

/** A real database that the monitors of the example watch, and a webhook that hears what people are told. */
export class MonitoringRehearsal {
  private broken?: BackupFault;
  private closing?: Promise<void>;

  private constructor(
    private readonly folder: string,
    private readonly engine: DatabaseEngine,
    readonly site: WatchedSite,
    readonly webhook: Webhook,
    readonly source: RunningDatabase,
  ) {}

  /** Everything that a failing or interrupted opening has started is ended again. */
  static async open(signal?: AbortSignal, callers?: WatchedSiteOptions['callers']): Promise<MonitoringRehearsal> {
    const ends: (() => Promise<unknown>)[] = [];
    const opened = async <T>(opening: Promise<T>, end: (one: T) => Promise<unknown>): Promise<T> => {
      const one = await opening;
      ends.unshift(() => end(one));
      signal?.throwIfAborted();
      return one;
    };
    try {
      const engine = await opened(openPostgresEngine(), (one) => one.close());
      const folder = await opened(makeRunDirectory(undefined, tmpdir()), (one) =>
        rm(one, { recursive: true, force: true }),
      );
      const site = await opened(WatchedSite.open({ engine, folder, callers }), (one) => one.close());
      const webhook = await opened(Webhook.open(), (one) => one.close());
      const masterPassword = randomBytes(18).toString('base64url');
      const source = await opened(engine.create({ masterUsername: 'postgres_admin', masterPassword }), (one) =>
        one.destroy(),
      );
      // A bucket beside it has no archiver that could stop.
      const { identifier } = site.definitions
        .flatMap(({ resources }) => resources)
        .find(({ kind }) => kind !== 'bucket')!;
      const declared = declaredSettings(site.deployment, identifier);
      await site.account.rds.adoptSource({ ...declared, identifier, database: source });
      for (const { arn } of site.deployment.all('AWS::SNS::Topic')) site.account.sns.subscribe(arn, webhook.url);
      signal?.throwIfAborted();
      site.begin();
      return new MonitoringRehearsal(folder, engine, site, webhook, source);
    } catch (error) {
      for (const end of ends) await end();
      throw error;
    }
  }

  async break(fault: BackupFault): Promise<void> {
    this.broken = fault;
    await fault.begin(this.source);
  }

  async mend(): Promise<void> {
    const fault = this.broken;
    this.broken = undefined;
    await fault?.end(this.source);
  }

  /** Waits until something holds. A function that fails meanwhile ends the wait: the next look may be the one that matters. */
  async until(holds: () => boolean | Promise<boolean>, what: string, signal?: AbortSignal): Promise<void> {
    for (const end = Date.now() + PATIENCE_MS; !(await holds()); await sleep(200, undefined, { signal })) {
      signal?.throwIfAborted();
      const [failure] = this.site.failures;
      if (failure) throw new Error(`a function of the site failed: ${failure}`);
      if (Date.now() > end) throw new Error(`${what} did not happen within ${PATIENCE_MS / 1000} s`);
    }
  }

  /** Ends everything, also in the middle of a wait, which then rejects. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    // What waits for the archive would wait for its patience.
    await this.mend().catch(() => {});
    await this.site.close();
    await this.webhook.close();
    await this.source.destroy();
    await this.engine.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
