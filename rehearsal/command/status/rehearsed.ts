import { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { MonitorDefinition } from '../../../lib/private/contract/monitoring';
import { now } from '../../../lambda/shared/clock';
import { duration } from '../../../lambda/evidence/text';
import { backupFaultNamed } from '../../monitoring/faults';
import { MonitoringRehearsal } from '../../monitoring/rehearsal';
import { SCALE } from '../../monitoring/time-scale';
import type { Told } from '../../monitoring/webhook';
import { printable } from '../printable';
import { wrapped } from '../wrapped';
import { judge } from './judge';
import { readSites } from './read';
import type { StatusReport } from './report';

export interface RehearsedStatus {
  readonly report: StatusReport;
  readonly told: readonly Told[];
  /** What the monitors were told: spans as they are here. */
  readonly definitions: readonly MonitorDefinition[];
}

/** The status of a rehearsed account, once all is measured; with a fault, once somebody was told of it. */
export async function rehearsedStatus(
  fault: string | undefined,
  say: (what: string) => void,
  signal: AbortSignal,
): Promise<RehearsedStatus> {
  const broken = fault === undefined ? undefined : backupFaultNamed(fault);
  say('Starting PostgreSQL, and the site of the example with its monitors and alarms');
  const rehearsal = await MonitoringRehearsal.open(signal);
  const close = () => void rehearsal.close().catch(() => {});
  signal.addEventListener('abort', close);
  try {
    const look = async () => statusOf(rehearsal, signal);
    say('Waiting until the monitor has measured and the alarm is quiet');
    await rehearsal.until(async () => isQuiet(rehearsal) && (await look()).state === 'fresh', 'a fresh status', signal);
    if (broken) {
      await rehearsal.break(broken);
      say(`From now on ${broken.what}`);
      await rehearsal.until(() => rehearsal.webhook.told.length > 0, 'the message', signal);
    }
    const { told } = rehearsal.webhook;
    return { report: await look(), told: [...told], definitions: rehearsal.site.definitions };
  } catch (error) {
    // What an end in the middle breaks is no news.
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', close);
    await rehearsal.close();
  }
}

async function statusOf({ site: { client } }: MonitoringRehearsal, signal: AbortSignal): Promise<StatusReport> {
  const read = await readSites(new SchedulerClient(client), client, undefined, signal);
  return judge(read, client.region, now());
}

/** An alarm is no alarm before it had data. */
function isQuiet({ site: { account, deployment } }: MonitoringRehearsal): boolean {
  const alarms = deployment.all('AWS::CloudWatch::Alarm').filter(({ logicalId }) => logicalId.includes('Recoverable'));
  const own = alarms.filter(({ properties }) => properties.MetricName === 'RestorableAgeRatio');
  return own.every(({ name }) => account.cloudWatch.stateOf(name) === 'OK');
}

/** What was rehearsed, and what whoever is on call got to see. */
export function printRehearsed({ told, definitions }: RehearsedStatus): string {
  const [{ everySeconds, profiles }] = definitions;
  // What the fault stops is the archive of a database.
  const archived = profiles.flatMap(({ sources }) => sources).find(({ kind }) => kind === 'point-in-time')!;
  const spans = `measured every ${duration(everySeconds)}, ${archived.name} may be ${duration(archived.allowedSeconds)} old`;
  return [
    wrapped(`Rehearsed on this machine, on a real PostgreSQL. Time passes ${SCALE} times as fast: ${spans}.`),
    ...told.flatMap(({ title, text, nextSteps }) => [
      '',
      'Told to a webhook on this machine',
      ...[title, ...text.split('\n'), ...nextSteps].map((line) => wrapped(`  ${printable(line)}`, '    ')),
    ]),
  ].join('\n');
}
