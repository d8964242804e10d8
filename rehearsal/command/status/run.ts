import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { now } from '../../../lambda/shared/clock';
import { NamedError } from '../../../lambda/shared/named-error';
import { clientOptions, quietClients, trouble, type AccountOptions } from '../account/account';
import { Interrupted, interruptible } from '../interruption';
import { judge } from './judge';
import { printStatus } from './print';
import { readSites } from './read';
import { printRehearsed, rehearsedStatus } from './rehearsed';
import type { StatusReport } from './report';

export interface StatusOptions extends AccountOptions {
  readonly json?: boolean;
  /** Of an account on this machine. */
  readonly rehearse?: boolean;
  /** What goes wrong in a rehearsal. */
  readonly fault?: string;
}

/** Machines read these first: all is fresh, something is not, the call was wrong, nobody can tell. */
const EXIT = { fresh: 0, stale: 1, mistake: 2, unknown: 3 } as const;

/** Looks at an account, through what its monitors reported. Resolves with the exit status. */
export async function status(options: StatusOptions): Promise<number> {
  try {
    checked(options);
    const { report, text } = await interruptible((signal) => (options.rehearse ? rehearse : look)(options, signal));
    console.log(options.json ? JSON.stringify(report, null, 2) : text);
    return EXIT[report.state];
  } catch (error) {
    const { sentence, mistake } = trouble(error);
    console.error(`recoverable: ${sentence}`);
    if (error instanceof Interrupted) return error.exitStatus;
    return mistake ? EXIT.mistake : EXIT.unknown;
  }
}

function checked({ rehearse, fault, site, profile, region }: StatusOptions): void {
  if (fault !== undefined && !rehearse) {
    throw new NamedError('UserError', '--fault lets something go wrong in a rehearsal: give --rehearse too');
  }
  if (rehearse && [site, profile, region].some((one) => one !== undefined)) {
    throw new NamedError('UserError', '--rehearse looks at no account: give it no --site, --profile and --region');
  }
}

interface Seen {
  readonly report: StatusReport;
  readonly text: string;
}

async function look(options: StatusOptions, signal: AbortSignal): Promise<Seen> {
  const client = await clientOptions(options);
  const read = await readSites(new SchedulerClient(client), client, options.site, signal);
  const report = judge(read, client.region, now());
  return { report, text: printStatus(report) };
}

async function rehearse({ fault }: StatusOptions, signal: AbortSignal): Promise<Seen> {
  quietClients();
  const seen = await rehearsedStatus(fault, (what) => console.error(`${what} ...`), signal);
  return { report: seen.report, text: `${printRehearsed(seen)}\n\n${printStatus(seen.report)}` };
}
