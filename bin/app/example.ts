import { type App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  type Alerts,
  AlertTopics,
  Check,
  DrillSchedule,
  EvidenceLock,
  Expect,
  MigrationTool,
  RecoveryPlan,
  RecoverySite,
} from '../../lib';
import { shopDatabase } from './shop-database';

const SITE = 'shop';

/** Evidence and state go with an example that is destroyed. */
const TEMPORARY = { evidence: { objectLock: EvidenceLock.NONE }, removalPolicy: RemovalPolicy.DESTROY };

/** A shop's database and its drills in one Region, and a site in another. Nothing is copied to it: a vault must be emptied before it goes. */
export function example(app: App): void {
  const home = new Stack(app, 'RecoverableExample', {
    env: { region: 'eu-west-1' },
    description: 'cdk-recoverable example: a PostgreSQL database whose recovery is proven every week',
  });
  const { alerts } = new AlertTopics(home, 'Alerts');
  const site = new RecoverySite(home, 'Recovery', { name: SITE, alerts, ...TEMPORARY });
  protectShop(home, site, alerts);

  const dr = new Stack(app, 'RecoverableExampleDr', {
    env: { region: 'eu-central-1' },
    description: 'cdk-recoverable example: the recovery site in the disaster recovery Region',
  });
  new RecoverySite(dr, 'Recovery', { name: SITE, alerts: new AlertTopics(dr, 'Alerts').alerts, ...TEMPORARY });
}

function protectShop(stack: Stack, site: RecoverySite, alerts: Alerts): void {
  const plan = new RecoveryPlan(stack, 'Shop', {
    site,
    owner: 'Shop team',
    alerts,
    objectives: { rpo: Duration.minutes(15), rto: Duration.hours(1) },
  });
  // The database goes with the example, which a managed one would refuse.
  const orders = plan.protectInstance('Orders', shopDatabase(stack), { manage: false });
  orders.addDrill('Weekly', {
    schedule: DrillSchedule.weekly(),
    checks: [
      Check.rowCount('orders', { atLeast: 50_000 }),
      Check.freshness('orders', 'created_at'),
      Check.schemaVersion(MigrationTool.FLYWAY, { atLeast: '7' }),
      Check.query(
        'every-order-has-items',
        'select count(*) from orders o where not exists (select 1 from order_items i where i.order_id = o.id)',
        Expect.equalTo('0'),
      ),
    ],
  });
  orders.addDrill('Standard', { schedule: DrillSchedule.monthly() });
}
