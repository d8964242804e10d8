import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { CoverageReport, HistorySummary } from '../../../lib/private/contract/history';
import type { MonitorReport } from '../../../lib/private/contract/monitoring';
import { now } from '../../shared/clock';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { log } from '../../shared/log';
import { NamedError } from '../../shared/named-error';
import { Store } from '../../shared/store';
import { audienceKey } from '../messages/topic';
import { readReports } from '../reports';
import { lettersOf } from './letter';
import { inWords, type Week } from './words';

const sns = new SNSClient();
const state = new Store(required('STATE_BUCKET'));

/** Who was told in a run that failed for others: Lambda runs it again within minutes. */
const heard = new Set<string>();

/**
 * Tells each plan's people once a week how things are: to the digest topic, of which nothing else is expected to be read at once.
 * Who has no digest topic is told nothing: alarms and findings go their own ways. A topic that is gone keeps it from nobody else.
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
  const troubles: string[] = [];
  for (const [audience, own] of audiences) {
    const plans = own.map(({ plan }) => plan);
    try {
      if (!heard.has(audience)) await tell({ ...about, reports: own }, own[0].alerts.digest, plans);
      heard.add(audience);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error('not told', { plans, reason });
      troubles.push(`${plans.join(', ')}: ${reason}`);
    }
  }
  if (troubles.length > 0) throw new NamedError('DigestIncomplete', troubles.join('; '));
  heard.clear();
  return { told: audiences.size };
};

async function tell(week: Week, TopicArn: string | undefined, plans: readonly string[]): Promise<void> {
  const digest = inWords(week);
  await sns.send(new PublishCommand({ TopicArn, ...lettersOf(week, digest) }));
  log.info('digest', { plans, troubled: digest.troubled });
}
