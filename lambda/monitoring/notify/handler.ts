import type { CoverageReport } from '../../../lib/private/contract/history';
import { now } from '../../shared/clock';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { log } from '../../shared/log';
import { NamedError } from '../../shared/named-error';
import { Store } from '../../shared/store';
import { isAlarm } from '../messages/alarm/payload';
import { noticeOf } from '../messages/event';
import { isBusEvent } from '../messages/event/payload';
import { send } from '../messages/send';
import type { Notice, SiteView } from '../messages/site-view';
import type { AlertTopics } from '../messages/topic';
import { readReports } from '../reports';
import { alarmChanged } from './alarms';
import { databaseOf } from './snapshots';

const state = new Store(required('STATE_BUCKET'));

/**
 * Turns alarms and events into what people can act on. Whatever goes wrong here is thrown: after its retries Lambda sends the raw
 * alarm or event to the site's topic.
 */
export const handler = async (event: unknown): Promise<{ told: number }> => {
  let told = 0;
  const tell = async ({ message, audiences }: Notice): Promise<void> => {
    if (audiences.length === 0) {
      throw new NamedError(
        'NobodyToTell',
        `nobody is told that ${message.title}: name topics in the alerts of the site`,
      );
    }
    const outcomes = await Promise.allSettled(audiences.map((alerts) => send(message, alerts)));
    told += outcomes.filter((one) => one.status === 'fulfilled' && one.value).length;
    const failed = outcomes.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  };
  if (isAlarm(event)) {
    await alarmChanged(event, state, await look(), tell);
  } else if (isBusEvent(event)) {
    const notice = await noticeOf(event, await look(), { databaseOf });
    if (notice) await tell(notice);
    else log.info('of nothing that is protected', { type: event['detail-type'], id: event.id });
  } else {
    throw new NamedError('InvalidInput', 'this is neither an alarm of CloudWatch nor an event of EventBridge');
  }
  return { told };
};

async function look(): Promise<SiteView> {
  const { SITE_ALERTS, RESTORE_ROLES = '' } = process.env;
  return {
    site: required('SITE'),
    region: required('AWS_REGION'),
    prefix: required('PREFIX'),
    restoreRoles: RESTORE_ROLES.split(',').filter(Boolean),
    reports: await readReports(state),
    coverage: (await state.get<CoverageReport>(keys.coverage()))?.value,
    ...(SITE_ALERTS && { alerts: JSON.parse(SITE_ALERTS) as AlertTopics }),
    now: now(),
  };
}
