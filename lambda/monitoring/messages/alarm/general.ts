import { consoleOf, runbook, type Anchor } from '../links';
import type { Message } from '../message';
import { here, type SiteView } from '../site-view';
import { ourMetric, sentences, since, type AlarmEvent } from './payload';

/** Metrics whose alarms wake somebody; everything else is work for the next day. */
const PAGES = ['RestorableAgeRatio'];

/** What an alarm says of itself, where nothing more is known. */
export function general(view: SiteView, event: AlarmEvent): Message {
  const { alarmName, configuration, state } = event.alarmData;
  const metric = ourMetric(event);
  const said = sentences(configuration?.description);
  const resource = metric && metric.resource !== 'site' ? metric.resource : undefined;
  return {
    ...here(view),
    severity: metric && PAGES.includes(metric.name) ? 'page' : 'ticket',
    state: 'raised',
    lasting: true,
    cause: `alarm ${alarmName}`,
    title: `${resource ?? `Site ${view.site}`}: ${TITLES[metric?.name ?? ''] ?? alarmName}`,
    what: said?.what ?? `Alarm ${alarmName} was raised: ${state.reason ?? 'CloudWatch gives no reason'}`,
    since: since(event),
    means: said?.means ?? 'What it means is written with whoever made the alarm.',
    nextStep: said?.nextStep ?? 'Open the alarm.',
    links: [consoleOf.alarm(event.region, alarmName), runbook(undefined, ANCHORS[metric?.name ?? ''] ?? 'alarm')],
    resources: resource ? [resource] : [],
  };
}

const TITLES: Readonly<Record<string, string>> = {
  RestorableAgeRatio: 'not recoverable as promised',
  DrillAgeRatio: 'not proven',
  Leftovers: 'something outlived its drill',
  Unprotected: 'databases without protection',
};

const ANCHORS: Readonly<Record<string, Anchor>> = {
  RestorableAgeRatio: 'not-recoverable',
  DrillAgeRatio: 'not-proven',
  Leftovers: 'leftovers',
  Unprotected: 'unprotected',
};
