import type { Severity } from '../../../lib/private/contract/monitoring';
import { consoleOf, runbook as runbookOf } from '../messages/links';
import type { Message } from '../messages/message';
import { send } from '../messages/send';
import { observed, type Observed } from './observed';
import type { Open, Usual } from './usual';
import type { Shard } from './watched';

/** What was observed of one resource, and what was known of it before. */
export interface Judged {
  readonly usual: Usual;
  readonly observed: readonly Observed[];
}

/** More than these of one kind have something in common: they are one message. */
const APART = 3;
const NAMED = 5;
const LOUDNESS: Record<Severity, number> = { page: 3, ticket: 2, digest: 1 };

/** Tells what is new of a shard and what is over. What lasts and has been told is not told again unless it became louder. */
export async function tellShard(judged: readonly Judged[], shard: Shard, day: string): Promise<void> {
  const fresh = new Map<string, { readonly name: string; readonly one: Observed }[]>();
  for (const { usual, observed: all } of judged) {
    for (const one of all.filter((each) => isNew(usual, each))) {
      const kind = `${one.finding.id} ${one.finding.severity}`;
      fresh.set(kind, [...(fresh.get(kind) ?? []), { name: usual.name, one }]);
    }
  }
  for (const ones of fresh.values()) {
    const together = ones.length > APART ? [inOne(ones, shard, day)] : ones.map(alone);
    for (const { one, names } of together) await send(messageOf(one, names, shard), shard.alerts);
  }
  for (const { usual, observed: all } of judged) {
    for (const open of usual.open.filter(({ cause }) => !isStill(all, cause))) {
      await send(overOf(open, [usual.name], shard), shard.alerts);
    }
  }
}

/** What is open after a day: all that lasts. */
export function stillOpen({ usual, observed: all }: Judged): Open[] {
  return all
    .filter(({ lasting }) => lasting)
    .map(({ finding: { cause, severity, since }, title }) => {
      const before = usual.open.find((open) => open.cause === cause);
      // As loud as it was told: what became quieter and is as loud again has been told.
      const louder = before && LOUDNESS[before.severity] > LOUDNESS[severity] ? before.severity : severity;
      return { cause, title, severity: louder, since: before?.since ?? since };
    });
}

function isNew({ open }: Usual, { finding, lasting }: Observed): boolean {
  const before = lasting ? open.find(({ cause }) => cause === finding.cause) : undefined;
  return !before || LOUDNESS[finding.severity] > LOUDNESS[before.severity];
}

function isStill(all: readonly Observed[], cause: string): boolean {
  return all.some(({ finding }) => finding.cause === cause);
}

function alone({ name, one }: { readonly name: string; readonly one: Observed }) {
  return { one, names: [name] };
}

function inOne(ones: readonly { readonly name: string; readonly one: Observed }[], { plan }: Shard, day: string) {
  const names = [...new Set(ones.map(({ name }) => name))];
  const { id, severity, means, nextStep } = ones[0].one.finding;
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  const words = {
    title: `Plan ${plan}: ${names.length} resources, ${id.replaceAll('-', ' ')}`,
    what: `The same was found of ${names.slice(0, NAMED).join(', ')}${more}. Of the first: ${ones[0].one.finding.what}`,
    means,
    nextStep: `Look for what they have in common, a vault, a key or an hour, first. ${nextStep}`,
  };
  return { one: observed(plan, id, severity, false, day, words), names };
}

/** That something which was raised is not so any more. */
export function overOf(
  { cause, title, severity, since }: Open,
  resources: readonly string[],
  place: Parameters<typeof messageOf>[2],
): Message {
  const finding = {
    id: 'over',
    ...{ severity, cause, since },
    what: `${title}.`,
    means: 'Nothing stands in the way of recovery any more in this respect.',
    nextStep: 'None.',
  };
  return { ...messageOf({ finding, title, lasting: true }, resources, place), state: 'cleared' };
}

export function messageOf(
  { finding, title, lasting }: Observed,
  resources: readonly string[],
  { plan, owner, runbook }: Partial<Pick<Shard, 'plan' | 'owner' | 'runbook'>>,
): Message {
  const { severity, cause, what, means, nextStep, since } = finding;
  const region = process.env.AWS_REGION ?? '';
  const links = [consoleOf.jobs(region, 'backup'), runbookOf(runbook, 'finding')];
  return {
    ...{ severity, state: 'raised', cause, title, what, since, means, nextStep, links },
    ...(lasting && { lasting }),
    site: process.env.SITE ?? '',
    region,
    plan,
    owner,
    resources,
  };
}
