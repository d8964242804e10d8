/**
 * Every wait and patience of a drill, seconds. The same in all functions, so that waits and limits fit each other: together
 * they end before the machine's own timeout, which skips Tear down, and polls stay within its 25,000 events.
 */
export const PATIENCE = {
  /** Between two questions about the same thing. */
  poll: 30,
  /** For a restore to become available, where the RTO objective is longer still. */
  available: 50_400,
  /** For the new password to work. */
  access: 900,
  /** Everything must stay absent this long: an instance whose create answer was lost may appear late. */
  gone: 600,
  /** For everything to be gone. */
  teardown: 7_200,
  /** For all rounds of checks together. */
  verify: 7_200,
  /** From a drill's start until the sweeper may remove what it made. */
  ttl: 86_400,
  /** One round of checks, well inside the functions' timeouts. */
  round: 240,
} as const;
