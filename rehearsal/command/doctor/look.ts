import {
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  type DBCluster,
  type DBInstance,
} from '@aws-sdk/client-rds';
import type { WatchedSource } from '../../../lib/private/contract/monitoring';
import { monitorsOf, type FoundMonitor } from '../account/monitors';
import { schedulesOf, type FoundSchedule, type FoundSite } from '../account/sites';
import { all, ask, type Aws } from './aws';

/** A database that is protected, or will be. */
export interface Subject {
  /** `<plan>/<resource>` */
  readonly name: string;
  readonly kind: 'db-instance' | 'db-cluster';
  /** Absent where only a deployment gives one. */
  readonly identifier?: string;
  /** As an app declares it. */
  readonly engine?: string;
  readonly engineVersion?: string;
}

/** What an app will need once it is deployed here. */
export interface Planned {
  readonly subjects: readonly Subject[];
  /** Regions to which something is copied. */
  readonly copiesTo: readonly string[];
  /** What AWS Backup takes of it. */
  readonly backsUp: readonly ('buckets' | 'databases')[];
}

/** An instance, and where else it should be kept. */
export interface Kept {
  readonly instance: DBInstance;
  readonly source: WatchedSource;
  readonly region: string;
}

/** Whatever is asked of an account. What several questions need is asked once. */
export class Look {
  private readonly known = new Map<string, Promise<unknown>>();

  constructor(
    readonly aws: Aws,
    readonly sites: readonly FoundSite[],
    readonly planned?: Planned,
  ) {}

  /** Every schedule of the sites: drills, sweepers, monitors. */
  schedules(): Promise<readonly FoundSchedule[]> {
    return this.once('schedules', () =>
      ask('scheduler:GetSchedule', async () => {
        const found: FoundSchedule[] = [];
        for (const site of this.sites) for await (const one of schedulesOf(this.aws.scheduler, site)) found.push(one);
        return found;
      }),
    );
  }

  monitors(): Promise<readonly FoundMonitor[]> {
    return this.once('monitors', () =>
      ask('scheduler:GetSchedule', async () => {
        const found = await Promise.all(this.sites.map((site) => monitorsOf(this.aws.scheduler, site)));
        return found.flat();
      }),
    );
  }

  /** Everything protected here, deployed or planned; each database once. */
  async subjects(): Promise<readonly Subject[]> {
    const watched = (await this.monitors()).flatMap(({ definition }) => definition.resources);
    const here = watched.flatMap(({ kind, profile, ...one }) =>
      profile === undefined || kind === 'bucket' ? [] : [{ ...one, kind }],
    );
    const found = new Map<string, Subject>();
    for (const one of [...here, ...(this.planned?.subjects ?? [])]) {
      const key = one.identifier === undefined ? `planned ${one.name}` : `${one.kind} ${one.identifier.toLowerCase()}`;
      if (!found.has(key)) found.set(key, one);
    }
    return [...found.values()];
  }

  /** Sources of everything that is deployed, each once. */
  async sources(): Promise<readonly WatchedSource[]> {
    const monitors = await this.monitors();
    const sources = monitors.flatMap(({ definition }) => definition.profiles.flatMap((profile) => profile.sources));
    return [...new Map(sources.map((one) => [JSON.stringify(one), one])).values()];
  }

  /** Those of AWS Backup. */
  async backups(): Promise<readonly WatchedSource[]> {
    return (await this.sources()).filter(({ vaultArn }) => vaultArn !== undefined);
  }

  /** Whether AWS Backup takes a bucket, or a database, of what is deployed or planned. */
  async backsUp(what: 'buckets' | 'databases'): Promise<boolean> {
    if (this.planned?.backsUp.includes(what)) return true;
    return (await this.monitors()).some(({ definition: { resources, profiles } }) =>
      resources.some(
        ({ kind, profile }) =>
          (kind === 'bucket') === (what === 'buckets') &&
          profile !== undefined &&
          profiles[profile].sources.some(({ vaultArn }) => vaultArn),
      ),
    );
  }

  /** Instances that should be in some kind of source in another Region, each with the source. */
  async elsewhere(kind: WatchedSource['kind']): Promise<readonly Kept[]> {
    const instances = new Map((await this.instances()).map((one) => [one.DBInstanceIdentifier, one]));
    return (await this.monitors()).flatMap(({ definition: { resources, profiles } }) =>
      resources.flatMap(({ identifier, profile }) => {
        const instance = instances.get(identifier.toLowerCase());
        if (profile === undefined || !instance) return [];
        return profiles[profile].sources.flatMap((source) =>
          source.kind === kind && source.region !== undefined && !source.otherAccount
            ? [{ instance, source, region: source.region }]
            : [],
        );
      }),
    );
  }

  /** Instances of subjects, as RDS describes them. */
  async instances(): Promise<readonly DBInstance[]> {
    const wanted = await this.identifiers('db-instance');
    if (wanted.size === 0) return [];
    const found = await this.once('instances', () =>
      ask('rds:DescribeDBInstances', () =>
        all(paginateDescribeDBInstances({ client: this.aws.rds }, {}), (page) => page.DBInstances),
      ),
    );
    return found.filter(({ DBInstanceIdentifier: name = '' }) => wanted.has(name));
  }

  /** Clusters of subjects. */
  async clusters(): Promise<readonly DBCluster[]> {
    const wanted = await this.identifiers('db-cluster');
    if (wanted.size === 0) return [];
    const found = await this.once('clusters', () =>
      ask('rds:DescribeDBClusters', () =>
        all(paginateDescribeDBClusters({ client: this.aws.rds }, {}), (page) => page.DBClusters),
      ),
    );
    return found.filter(({ DBClusterIdentifier: name = '' }) => wanted.has(name));
  }

  /** ARNs of the keys of databases. */
  async keys(): Promise<readonly string[]> {
    const databases = [...(await this.instances()), ...(await this.clusters())];
    return [...new Set(databases.flatMap(({ KmsKeyId }) => (KmsKeyId ? [KmsKeyId] : [])))];
  }

  private async identifiers(kind: Subject['kind']): Promise<ReadonlySet<string>> {
    const subjects = (await this.subjects()).filter((one) => one.kind === kind);
    return new Set(subjects.flatMap(({ identifier }) => identifier?.toLowerCase() ?? []));
  }

  private once<T>(what: string, find: () => Promise<T>): Promise<T> {
    const found = (this.known.get(what) as Promise<T> | undefined) ?? find();
    this.known.set(what, found);
    return found;
  }
}
