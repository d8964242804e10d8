import type { MonitorDefinition } from '../../../lib/private/contract/monitoring';
import { required } from '../../shared/environment';
import { NamedError } from '../../shared/named-error';
import { Store } from '../../shared/store';
import { Clients } from '../account/clients';
import { run } from './run';

const clients = new Clients();
const state = new Store(required('STATE_BUCKET'));

/**
 * Measures how old the newest is that could be restored of each resource of a shard, from each of its sources, and how long ago it
 * was proven. Ratios, because a CloudWatch alarm sees seven days at most and backups may be a month apart.
 */
export const handler = async (definition: MonitorDefinition): Promise<void> => {
  if (definition.schema !== 'cdk-recoverable/monitor/v1') {
    throw new NamedError(
      'InvalidDefinition',
      `what is to be measured is not in the form that this monitor knows: deploy its plan again`,
    );
  }
  await run(definition, {
    site: required('SITE'),
    prefix: required('PREFIX'),
    rdsArn: required('RDS_ARN'),
    home: required('AWS_REGION'),
    state,
    clients,
  });
};
