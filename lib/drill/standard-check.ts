/** The checks that every drill makes unless a reason is given against one. */
export enum StandardCheck {
  /** Every database that the login may connect to answers. */
  CONNECT = 'connect',
  /** Engine version, encoding and collation are what the data was written under. */
  SETTINGS = 'settings',
  /** No migration failed, and none is older than in the last passed drill. */
  MIGRATIONS = 'migrations',
  /** Every table of the last passed drill is there, and there are tables at all. */
  TABLE_SET = 'table-set',
  /** No row points to a row that is missing. */
  FOREIGN_KEYS = 'foreign-keys',
  /** No table that held rows in the last passed drill is empty. */
  NO_TABLE_EMPTIED = 'no-table-emptied',
}

/** Leaves one standard check out of a drill; evidence repeats the reason. */
export interface WithoutCheck {
  /** The check to leave out. */
  readonly check: StandardCheck;
  /** Why, for the people who read the evidence: 1 to 500 characters. */
  readonly reason: string;
}
