import type { Message } from './message';
import { cut, line } from './text';

/** A message of printable lines, none of them longer than people read. */
export interface Short extends Message {
  /** How many there are, where the list is cut. */
  readonly resourcesInAll: number;
}

/** How much of a message is kept. */
export interface Limits {
  readonly sentence: number;
  readonly resources: number;
}

/** `<plan>/<resource>`, each part at most 64 characters. */
const NAME = 129;
const LABEL = 40;
const LINKS = 6;
/** An address that is cut leads nowhere: a longer one is left out. */
const ADDRESS = 600;

/** Texts come from people and from AWS: they may hold anything, at any length. */
export function shorten(message: Message, { sentence, resources }: Limits): Short {
  const { plan, owner } = message;
  const said = (text: string) => cut(line(text), sentence);
  const name = (text: string) => cut(line(text), NAME);
  return {
    ...message,
    cause: said(message.cause),
    title: said(message.title),
    what: said(message.what),
    since: name(message.since),
    means: said(message.means),
    nextStep: said(message.nextStep),
    links: message.links
      .map(({ label, url }) => ({ label: cut(line(label), LABEL), url: line(url) }))
      .filter(({ url }) => url.length <= ADDRESS)
      .slice(0, LINKS),
    site: name(message.site),
    region: name(message.region),
    ...(plan !== undefined && { plan: name(plan) }),
    ...(owner !== undefined && { owner: cut(line(owner), 200) }),
    resources: message.resources.slice(0, resources).map(name),
    resourcesInAll: message.resources.length,
  };
}
