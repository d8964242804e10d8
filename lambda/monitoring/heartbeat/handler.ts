import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { now } from '../../shared/clock';
import { required } from '../../shared/environment';
import { log } from '../../shared/log';
import { nameOf } from '../../shared/named-error';
import { Store } from '../../shared/store';
import { KeptSecret } from '../outside/kept-secret';
import { addressOf, isSuccess, request } from '../outside/request';
import { monitorSchedules } from '../registry';
import { readReports } from '../reports';
import { whyNot } from './fresh';

const scheduler = new SchedulerClient();
const state = new Store(required('STATE_BUCKET'));
const url = new KeptSecret(new SecretsManagerClient(), required('HEARTBEAT_SECRET'));

/** Reasons that a line of the log names. */
const LISTED = 20;

/** Pings while everything is as promised. Who waits for the ping notices its absence, whatever the reason. */
export const handler = async (): Promise<{ readonly pinged: boolean }> => {
  const registry = { group: required('SCHEDULE_GROUP'), prefix: required('PREFIX') };
  const [schedules, reports] = await Promise.all([monitorSchedules(scheduler, registry), readReports(state)]);
  const reasons = whyNot(schedules, reports, now());
  if (reasons.length > 0) {
    log.warn('not everything is as promised', { reasons: reasons.slice(0, LISTED), inAll: reasons.length });
    return { pinged: false };
  }
  try {
    const address = addressOf(await url.get(), 'what the secret of a heartbeat holds');
    const status = await request(address, { method: 'GET', headers: {} });
    if (isSuccess(status)) log.info('pinged', { host: address.host });
    else log.error('the ping was not taken', { host: address.host, status });
    return { pinged: isSuccess(status) };
  } catch (error) {
    log.error('could not ping', {
      name: nameOf(error),
      reason: error instanceof Error ? error.message : String(error),
    });
    return { pinged: false };
  }
};
