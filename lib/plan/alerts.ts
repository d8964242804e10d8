import type { ITopic } from 'aws-cdk-lib/aws-sns';

/**
 * Who is told, by severity; at least one topic. CloudWatch must be allowed to publish to each, and drills publish to them
 * under the site's own role.
 */
export interface Alerts {
  /**
   * Wakes somebody: a backup or its content was shown bad.
   * @default - such messages go to `ticket`, then to `digest`
   */
  readonly page?: ITopic;
  /**
   * Work for the next working day: a drill is overdue, could not tell, or left something behind.
   * @default - alarms go to `page`, then to `digest`; a drill that could not tell is announced to `digest`, never to `page`
   */
  readonly ticket?: ITopic;
  /**
   * For reading: what passed.
   * @default - passed drills are not announced
   */
  readonly digest?: ITopic;
}
