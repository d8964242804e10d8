import type { Patience } from '../../lambda/shared/environment';

/** An account number that AWS gives to nobody. */
export const ACCOUNT = '000000000000';

/** How often archived log makes newer moments restorable, seconds; on AWS about five minutes. */
export const LAG_SECONDS = 1;

/** What the functions wait for, scaled to one machine. The evidence lists them. */
export const PATIENCE: Patience = {
  poll: 1,
  available: 1800,
  access: 60,
  gone: 3,
  teardown: 120,
  verify: 1800,
  round: 60,
  ttl: 3600,
};

export const WATERMARK = 'Rehearsal on a developer’s machine: no evidence that production can be recovered.';
