import type { Question } from '../question';
import { backupMetrics } from './backup-metrics';
import { backupOptIn } from './backup-opt-in';
import { backupSnapshots } from './backup-snapshots';
import { copiesFound } from './copies-found';
import { databasesFound } from './databases-found';
import { drillSubnets } from './drill-subnets';
import { functionStates } from './function-states';
import { keyDelegation } from './key-delegation';
import { keyStates } from './key-states';
import { lambdaMetrics } from './lambda-metrics';
import { optionGroups } from './option-groups';
import { ownMetrics } from './own-metrics';
import { parameterGroups } from './parameter-groups';
import { quotas } from './quotas';
import { replicatedLag } from './replicated-lag';
import { restoreJobs } from './restore-jobs';
import { schedulerMetrics } from './scheduler-metrics';
import { schedulesEnabled } from './schedules-enabled';
import { serviceRoles } from './service-roles';
import { tagsDescribed } from './tags-described';
import { topicSubscriptions } from './topic-subscriptions';

/** Everything that the doctor asks, in the order in which it is shown: what stands in the way of a restore comes first. */
export const QUESTIONS: readonly Question[] = [
  databasesFound,
  keyStates,
  keyDelegation,
  quotas,
  serviceRoles,
  optionGroups,
  parameterGroups,
  drillSubnets,
  functionStates,
  schedulesEnabled,
  topicSubscriptions,
  backupOptIn,
  backupSnapshots,
  restoreJobs,
  copiesFound,
  replicatedLag,
  tagsDescribed,
  ownMetrics,
  schedulerMetrics,
  lambdaMetrics,
  backupMetrics,
];
