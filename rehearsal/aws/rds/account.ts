import {
  DBInstanceNotFoundFault$,
  DBSnapshotNotFoundFault$,
  InstanceQuotaExceededFault$,
  InvalidDBInstanceStateFault$,
  SnapshotQuotaExceededFault$,
} from '@aws-sdk/client-rds';
import type { DatabaseEngine } from '../../database-engine';
import type { Faults } from '../faults';
import { modelled } from '../protocol/types';
import type { Place } from '../service';
import type { KeptBackups } from './automated-backups';
import type { Cluster, ClusterSnapshot } from './cluster-model';
import type { Instance, Snapshot } from './model';
import type { RdsRegistry } from './registry';

/** Milliseconds that RDS takes at least; the engine's own work comes on top where there is any. */
export interface RdsDelays {
  readonly creating: number;
  readonly backingUp: number;
  /** After a password change, until the status says so: RDS still reads `available` for a while. */
  readonly noticing: number;
  readonly resetting: number;
  readonly deleting: number;
}

export interface RdsQuota {
  readonly instances: number;
  readonly clusters: number;
  readonly allocatedStorageGib: number;
  /** Of instances, and as many of clusters. */
  readonly manualSnapshots: number;
}

export interface RdsOptions extends Place {
  readonly engine: DatabaseEngine;
  readonly registry: RdsRegistry;
  readonly delays?: Partial<RdsDelays>;
  readonly quota?: Partial<RdsQuota>;
  /** How often archived log makes newer moments restorable, seconds; default 1 (RDS: about 300). */
  readonly lagSeconds?: number;
  readonly clock?: () => Date;
  readonly faults?: Faults;
}

const DELAYS: RdsDelays = { creating: 500, backingUp: 200, noticing: 100, resetting: 300, deleting: 300 };

/** Everything RDS keeps of one account in one Region. */
export class RdsAccount {
  readonly instances = new Map<string, Instance>();
  readonly snapshots = new Map<string, Snapshot>();
  readonly clusters = new Map<string, Cluster>();
  readonly clusterSnapshots = new Map<string, ClusterSnapshot>();
  readonly keptBackups: KeptBackups[] = [];
  readonly delays: RdsDelays;
  readonly quota: RdsQuota;
  readonly faults: Faults;
  readonly clock: () => Date;
  /** What went wrong behind a status: the engine's own words. */
  readonly problems: Error[] = [];
  private readonly work = new Set<Promise<void>>();
  private readonly waiting = new Set<() => void>();
  private closed = false;

  constructor(readonly options: RdsOptions) {
    this.delays = { ...DELAYS, ...options.delays };
    this.quota = { instances: 40, clusters: 40, allocatedStorageGib: 100_000, manualSnapshots: 100, ...options.quota };
    this.faults = options.faults ?? {};
    this.clock = options.clock ?? (() => new Date());
  }

  arn(kind: string, name: string): string {
    return `arn:aws:rds:${this.options.region}:${this.options.account}:${kind}:${name}`;
  }

  /** By identifier or ARN, whatever its case. */
  findInstance(identifier: string): Instance | undefined {
    return this.instances.get(nameIn(identifier));
  }

  instance(identifier: string): Instance {
    const found = this.findInstance(identifier);
    if (!found) {
      throw modelled(DBInstanceNotFoundFault$, `DBInstance ${nameIn(identifier)} not found.`);
    }
    return found;
  }

  findSnapshot(identifier: string): Snapshot | undefined {
    const name = identifier.toLowerCase().replace(/^arn:[^:]+:rds:[^:]*:[^:]*:snapshot:/, '');
    const found = this.snapshots.get(name);
    return found && this.visible(found) ? found : undefined;
  }

  snapshot(identifier: string): Snapshot {
    const found = this.findSnapshot(identifier);
    if (!found) {
      throw modelled(DBSnapshotNotFoundFault$, `DBSnapshot ${identifier} not found.`);
    }
    return found;
  }

  /** Whether what is committed to an instance still becomes restorable. */
  archives(instance: Instance): boolean {
    return !this.faults.archivingStopped?.includes(instance.identifier);
  }

  /** An account whose backups are gone shows none. */
  visible(_snapshot: Snapshot): boolean {
    return !this.faults.noBackups;
  }

  requireStatus(instance: Instance, allowed: readonly string[], action: string): void {
    if (!allowed.includes(instance.status)) {
      const message = `Instance ${instance.identifier} is in state ${instance.status}: it must be ${allowed.join(' or ')} to ${action}.`;
      throw modelled(InvalidDBInstanceStateFault$, message);
    }
  }

  requireQuota(): void {
    if (this.instances.size >= this.quota.instances) {
      throw modelled(InstanceQuotaExceededFault$, 'DB Instance quota exceeded');
    }
  }

  requireSnapshotQuota(): void {
    const manual = [...this.snapshots.values()].filter(({ type }) => type === 'manual');
    if (manual.length >= this.quota.manualSnapshots) {
      const message = `Cannot create more than ${this.quota.manualSnapshots} manual snapshots`;
      throw modelled(SnapshotQuotaExceededFault$, message);
    }
  }

  /** Work that goes on after the answer; what it throws is kept, and closing waits for it. */
  inBackground(work: () => Promise<void>): void {
    const running = work()
      .catch((error: unknown) => {
        this.problems.push(error as Error);
      })
      .finally(() => this.work.delete(running));
    this.work.add(running);
  }

  /** Ends early when the account closes. Answers whether the account is still open. */
  async pause(milliseconds: number): Promise<boolean> {
    if (this.closed) {
      return false;
    }
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.waiting.add(end);
    });
    return !this.closed;
  }

  async close(): Promise<void> {
    this.closed = true;
    [...this.waiting].forEach((end) => end());
    await Promise.all([...this.work]);
    const own = [...this.instances.values()].filter((instance) => !instance.adopted && instance.database);
    await Promise.all(own.map((instance) => instance.database!.destroy()));
  }
}

function nameIn(identifier: string): string {
  return identifier.toLowerCase().replace(/^arn:[^:]+:rds:[^:]*:[^:]*:db:/, '');
}
