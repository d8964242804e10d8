import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Engine } from './engine';

/** How an instance is protected. */
export interface ProtectInstanceOptions {
  /**
   * The instance's engine; needed for an imported instance that does not say it.
   * @default - the engine that the instance says
   */
  readonly engine?: Engine;
  /**
   * The key that encrypts the instance, so that drills may use this key and no other.
   * @default - the instance's key if it is known, else any key of the account, through RDS only
   */
  readonly encryptionKey?: IKey;
  /**
   * Whether the settings of an instance of this app are set so that it can be recovered, where its construct says nothing:
   * automated backups for 7 days that outlive the instance, tags copied to snapshots, deletion protection; under a plan with
   * backup tiers also a backup window away from theirs, if it states its maintenance window. A setting that says less is an
   * error, none is lowered. An imported instance is never changed.
   * @default true
   */
  readonly manage?: boolean;
  /**
   * DBInstanceIdentifier of the instance. Drills of its copies in another Region must know it at synthesis, since they are deployed
   * before the instance.
   * @default - what the instance's construct says
   */
  readonly identifier?: string;
}

/** How an instance that this app does not own is protected. */
export interface ObserveInstanceOptions {
  /** The instance's engine. */
  readonly engine: Engine;
  /**
   * The key that encrypts the instance, so that drills may use this key and no other.
   * @default - any key of the account, through RDS only
   */
  readonly encryptionKey?: IKey;
}
