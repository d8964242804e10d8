import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { CoverageReport, HistorySummary } from '../../../lib/private/contract/history';
import type { MonitorReport } from '../../../lib/private/contract/monitoring';
import { now } from '../../shared/clock';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { log } from '../../shared/log';
import { Store } from '../../shared/store';
import { audienceKey } from '../messages/topic';
import { readReports } from '../reports';
import { lettersOf } from './letter';
import { inWords, type Week } from './words';

const sns = new SNSClient();
const state = new Store(required('STATE_BUCKET'));

/**
 * Tells each plan's people once a week how things are: to the digest topic, of which nothing else is expected to be read at once.
 * Who has no digest topic is told nothing: alarms and findings go their own ways.
 */
export const handler = async (): Promise<{ readonly told: number }> => {
  const reports = await readReports(state);
  const history = (await state.get<HistorySummary>(keys.historySummary()))?.value;
  const coverage = (await state.get<CoverageReport>(keys.coverage()))?.value;
  const about = { site: required('SITE'), region: required('AWS_REGION'), now: now(), history, coverage };
  const audiences = new Map<string, MonitorReport[]>();
  for (const report of reports.filter(({ alerts }) => alerts.digest !== undefined)) {
    const key = audienceKey(report.alerts);
    audiences.set(key, [...(audiences.get(key) ?? []), report]);
  }
  for (const own of audiences.values()) {
    const week: Week = { ...about, reports: own };
    const digest = inWords(week);
    await sns.send(new PublishCommand({ TopicArn: own[0].alerts.digest, ...lettersOf(week, digest) }));
    log.info('digest', { plans: own.map(({ plan }) => plan), troubled: digest.troubled });
  }
  return { told: audiences.size };
};
