/** How many objects `Check.replica` looks at beyond their listing. */
export interface ReplicaCheckOptions {
  /**
   * Names the check in evidence.
   * @default - `replica:` and the bucket's name in its plan
   */
  readonly id?: string;
  /**
   * Whether to look at every object: its status, size, key and checksum, and whether it can be decrypted.
   * @default false - a sample
   */
  readonly everyObject?: boolean;
  /**
   * The smallest fraction of bad objects that the sample is to find, above 0 and at most 0.5.
   * @default 0.01
   */
  readonly fraction?: number;
  /**
   * With what probability, from 0.5 to 0.9999.
   * @default 0.99
   */
  readonly confidence?: number;
}

/** How many rows `Check.filesExist` looks at, and where. */
export interface FilesExistOptions {
  /**
   * Names the check in evidence.
   * @default - `files-exist:` and the bucket's name in its plan
   */
  readonly id?: string;
  /**
   * The database that is asked.
   * @default - the only database that holds tables; with several, name one
   */
  readonly database?: string;
  /**
   * The smallest fraction of files without which rows are left that the sample is to find, above 0 and at most 0.5.
   * @default 0.01
   */
  readonly fraction?: number;
  /**
   * With what probability, from 0.5 to 0.9999.
   * @default 0.99
   */
  readonly confidence?: number;
}
