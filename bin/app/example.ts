import { Annotations, type App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
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
import { shopFiles } from './shop-files';

const SITE = 'shop';

/** Evidence and state go with an example that is destroyed. */
const TEMPORARY = { evidence: { objectLock: EvidenceLock.NONE }, removalPolicy: RemovalPolicy.DESTROY };

/**
 * A shop's database, its files and its drills in one Region, and a site in another, which holds the replica of the files. Of the
 * database nothing is copied there: a vault must be emptied before it goes.
 */
export function example(app: App): void {
  const dr = new Stack(app, 'RecoverableExampleDr', {
    env: { region: 'eu-central-1' },
    description: 'cdk-recoverable example: the recovery site in the disaster recovery Region',
  });
  const elsewhere = new RecoverySite(dr, 'Recovery', {
    name: SITE,
    alerts: new AlertTopics(dr, 'Alerts').alerts,
    ...TEMPORARY,
  });

  const home = new Stack(app, 'RecoverableExample', {
    env: { region: 'eu-west-1' },
    description: 'cdk-recoverable example: a PostgreSQL database whose recovery is proven every week',
  });
  const { alerts } = new AlertTopics(home, 'Alerts');
  const site = new RecoverySite(home, 'Recovery', { name: SITE, alerts, ...TEMPORARY });
  protectShop(home, site, elsewhere, alerts);
}

function protectShop(stack: Stack, site: RecoverySite, elsewhere: RecoverySite, alerts: Alerts): void {
  const plan = new RecoveryPlan(stack, 'Shop', {
    site,
    owner: 'Shop team',
    alerts,
    objectives: { rpo: Duration.minutes(15), rto: Duration.hours(1) },
  });
  const documents = plan.protectBucket('Documents', shopFiles(stack), { replicateTo: elsewhere });
  // Bucket names are global, so one that everybody deploys has none of its own.
  Annotations.of(documents).acknowledgeWarning('cdk-recoverable:replicationLagNotWatched', 'the name is generated');
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
      Check.filesExist('select s3_key, size, sha256, created_at as modified_at from documents', documents, {
        database: 'shop',
        // A rehearsal is for looking at: a smaller sample is quicker, and the evidence says what it can claim.
        fraction: 0.05,
        confidence: 0.95,
      }),
    ],
  });
  orders.addDrill('Standard', { schedule: DrillSchedule.monthly() });
}
