import { Duration } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Check, DrillSchedule, RecoveryPlan } from '../lib';
import { databases } from './app';

databases(Number(process.argv[2]), (stack, all) => {
  const plan = new RecoveryPlan(stack, 'Gold', {
    owner: 'Payments',
    alerts: { ticket: new Topic(stack, 'Tickets') },
    objectives: { rpo: Duration.minutes(15), rto: Duration.hours(2) },
  });
  all.forEach((database, index) =>
    plan.protectInstance(`Db${index + 1}`, database).addDrill('Weekly', {
      schedule: DrillSchedule.weekly(),
      checks: [Check.freshness('orders', 'created_at'), Check.rowCount('orders', { atLeast: 100_000 })],
    }),
  );
});
