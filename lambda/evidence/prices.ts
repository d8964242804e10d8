import table from './prices.json';

export interface Price {
  readonly usd: number;
  /** What it is the price of one of. */
  readonly per: string;
  /** Where it comes from: read on AWS's own page, or from memory and to be treated as a guess. */
  readonly basis: 'verified' | 'from memory';
  /** The page, for a verified one. */
  readonly source?: string;
}

/** A small dated table: on demand, one zone. An estimate for a reader, never a bill. */
export interface PriceTable {
  readonly schema: 'cdk-recoverable/prices/v1';
  readonly asOf: string;
  readonly region: string;
  /** By instance class. */
  readonly instanceHour: Readonly<Record<string, Price>>;
  readonly auroraInstanceHour: Readonly<Record<string, Price>>;
  readonly gp3GibMonth: Price;
  readonly auroraGibMonth: Price;
  readonly rdsBackupGibMonth: Price;
  readonly auroraBackupGibMonth: Price;
  readonly awsBackupGibMonth: Price;
  readonly awsBackupAuroraGibMonth: Price;
  readonly transferGib: Price;
  readonly alarmMonth: Price;
  readonly metricMonth: Price;
  readonly dashboardMonth: Price;
  readonly logGib: Price;
  readonly objectPut: Price;
  readonly keyMonth: Price;
  readonly secretMonth: Price;
  readonly lambdaGbSecond: Price;
  readonly lambdaRequest: Price;
  readonly scheduleInvocation: Price;
  readonly stateTransition: Price;
}

export const PRICES = table as PriceTable;

/** RDS bills an instance for at least this long after it was created or modified. */
export const INSTANCE_MINIMUM_SECONDS = 600;
