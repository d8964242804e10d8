import { Template } from 'aws-cdk-lib/assertions';
import { Engine, type RecoveryPlan } from '../../../lib';
import { drilled, flatten, newPlan, newStack } from '../support';

/** The inputs of schedules that list what is not drilled. */
function listed(build: (plan: RecoveryPlan) => void) {
  const stack = newStack();
  const plan = newPlan(stack);
  build(plan);
  return Object.values(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule'))
    .map(({ Properties }) => ({ state: Properties.State, input: JSON.parse(flatten(Properties.Target.Input)) }))
    .filter(({ input }) => input.undrilled !== undefined);
}

test('what a plan cannot drill is listed once, by a schedule that never runs', () => {
  const found = listed((plan) => {
    drilled(plan);
    plan.protectInstanceById('Undrilled', 'legacy-prod', { engine: Engine.MYSQL });
    plan.protectClusterById('Ledger', 'ledger-prod', { engine: Engine.AURORA_POSTGRESQL });
  });
  expect(found).toEqual([
    {
      state: 'DISABLED',
      input: {
        undrilled: [
          { name: 'Gold/Undrilled', kind: 'db-instance', identifier: 'legacy-prod' },
          { name: 'Gold/Ledger', kind: 'db-cluster', identifier: 'ledger-prod' },
        ],
      },
    },
  ]);
});

test('a plan that drills everything has none', () => {
  expect(listed(drilled)).toEqual([]);
});
