import { isStopped } from '../freshness/running';
import { span } from '../messages/text';
import type { Draft } from './draft';
import { called, cli, shown, type Subject } from './subject';

/**
 * A resource that is gone. Only once it was gone in two runs: a rename in a blue/green switch takes a moment. One that was never
 * there may be about to be made, or its name in the plan is wrong.
 */
export function gone(subject: Subject): Draft[] {
  const { name, report, before, region } = subject;
  if (report.status !== 'gone' || before?.status !== 'gone') return [];
  const seen = report.resourceId !== undefined;
  return [
    {
      id: 'resource-gone',
      severity: seen ? 'page' : 'ticket',
      cause: seen ? name : `${name} resource-gone`,
      what: seen
        ? goneSentence(subject)
        : `There is no ${called(subject)} in ${region}, though ${name} of the plan says so.`,
      means: seen
        ? 'Nothing newer than what was backed up before can be restored.'
        : 'Nothing of it is backed up, and nothing of it can be restored.',
      nextStep: seen
        ? `If somebody removed it on purpose, take it out of the plan; else restore it: ${shown(subject)} shows whether it is back.`
        : `See whether the plan's identifier is right: ${shown(subject)}.`,
    },
  ];
}

export function goneSentence(subject: Pick<Subject, 'name' | 'kind' | 'identifier' | 'region'>): string {
  return `There is no ${called(subject)} in ${subject.region} any more, which is ${subject.name}.`;
}

/** Nothing is written and nothing backed up meanwhile: the weekly digest says so, and nobody is paged. */
export function stopped(subject: Subject): Draft[] {
  const { name, report, now } = subject;
  const last = report.stopped.at(-1);
  if (!isStopped(report.status) || !last) return [];
  const for_ = span((Date.parse(now) - Date.parse(last.from)) / 1000);
  return [
    {
      id: 'resource-stopped',
      severity: 'digest',
      cause: `${name} resource-stopped`,
      what: `${name} is ${report.status}, for ${for_} so far.`,
      means: 'Nothing is written to it and nothing of it backed up; its ages do not grow.',
      nextStep: `Nothing, if that is meant; else start it: ${cli(subject).start}.`,
    },
  ];
}
