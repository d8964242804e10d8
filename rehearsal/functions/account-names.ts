import dns, { type LookupAddress, type LookupOptions } from 'node:dns';

type Answered = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

const LOCAL = { address: '127.0.0.1', family: 4 };

/**
 * S3 Control is spoken to at a name that begins with the account's number, which on AWS anybody's DNS knows. Here it is told
 * that such names of `localhost` are this machine, since not every system knows it.
 */
export function resolveAccountNames(): void {
  const lookup = dns.lookup.bind(dns) as (name: string, options: LookupOptions, answered: Answered) => void;
  const resolve = (name: string, given: LookupOptions | Answered, last?: Answered) => {
    const [options, answered] = typeof given === 'function' ? [{}, given] : [given, last!];
    if (!/^\d{12}\.localhost$/.test(name)) return lookup(name, options, answered);
    if (options.all) answered(null, [LOCAL]);
    else answered(null, LOCAL.address, LOCAL.family);
  };
  dns.lookup = resolve as typeof dns.lookup;
}

/** The same address as S3 Control is to be told it. */
export function accountEndpoint(url: string): string {
  return url.replace('127.0.0.1', 'localhost');
}
