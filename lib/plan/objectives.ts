import type { Duration } from 'aws-cdk-lib';

/** What is promised about recovery. A drill that misses one of them is FAILED. */
export interface Objectives {
  /** How much data may be lost: 5 minutes or more, which is how far RDS nominally lags behind. */
  readonly rpo: Duration;
  /**
   * How much data may be lost with the whole Region, 5 minutes or more. Only recovery sources in another Region count.
   * @default - nothing is promised for the loss of the Region
   */
  readonly regionLossRpo?: Duration;
  /** How long recovery may take, until the last check has passed: 1 minute or more. */
  readonly rto: Duration;
}
