import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Alerts } from '../plan/alerts';
import { requireAlerts } from './alerts';
import { requireReachableTopics } from './topic-access';

/** Whoever a site tells can be reached; a site that tells nobody says so at synthesis. */
export function requireSiteAlerts(site: Construct, siteName: string, alerts: Alerts | undefined): void {
  if (alerts) {
    requireAlerts(alerts, `recovery site ${siteName}`);
    requireReachableTopics(site, alerts);
    return;
  }
  Annotations.of(site).addWarningV2(
    'cdk-recoverable:siteWithoutAlerts',
    `recovery site ${siteName} has no alerts: nobody is told when a drill did not pass or left something behind, nor, of plans in other stacks, when the monitor does not run`,
  );
}
