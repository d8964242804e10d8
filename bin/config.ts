/** What the deployable app protects. Edit the constant below; nothing else needs to change. */
export interface AppConfig {
  /** Name of the recovery site. */
  readonly site: string;
  /** Where the databases are. */
  readonly region: string;
  /**
   * Where a disaster of that Region is recovered from. AWS Backup then takes each database every day, week and month, keeps
   * that for 30, 90 and 365 days, and copies it there, which costs storage and transfer; every month a copy is drilled there.
   * Left out, there is one site and nothing beside what RDS keeps itself.
   */
  readonly recoveryRegion?: string;
  /** Who answers for recovery. */
  readonly owner: string;
  /** Hears of whatever the drills find. */
  readonly email: string;
  readonly objectives: {
    readonly rpoMinutes: number;
    readonly rtoMinutes: number;
    /** How much data may be lost with the whole of `region`: more than a day, which is how often something is copied. */
    readonly regionLossRpoMinutes?: number;
  };
  /** Existing PostgreSQL instances in `region`. */
  readonly databases: readonly { readonly name: string; readonly identifier: string }[];
}

export const config: AppConfig = {
  site: 'main',
  region: 'eu-west-1',
  recoveryRegion: 'eu-central-1',
  owner: 'Platform',
  email: 'platform@example.com',
  objectives: { rpoMinutes: 15, rtoMinutes: 120, regionLossRpoMinutes: 2_880 },
  databases: [],
};
