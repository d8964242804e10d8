import { Logger } from '@aws-lambda-powertools/logger';

/** Never given a password, a query's payload or a row: only names, statuses and times. */
export const log = new Logger();
