import { paginateListScheduleGroups } from '@aws-sdk/client-scheduler';
import { NamedError } from '../../../lambda/shared/named-error';
import { readAssembly } from '../../assembly/read';
import { clientOptions, trouble, type AccountOptions } from '../account/account';
import { allSites, type FoundSite } from '../account/sites';
import { Interrupted, interruptible } from '../interruption';
import { all, ask, Aws, Denied } from './aws';
import { examine } from './examine';
import { Look } from './look';
import { plannedFor } from './planned';
import { printDoctor } from './print';
import { QUESTIONS } from './questions';
import type { DoctorReport } from './report';

export interface DoctorOptions extends AccountOptions {
  /** A cloud assembly. */
  readonly app?: string;
  readonly json?: boolean;
}

/** Machines read these first: nothing is refuted, something is, the call was wrong, nothing could be asked. */
const EXIT = { confirmed: 0, refuted: 1, mistake: 2, unknown: 3 } as const;

/** Looks at a real account, and changes nothing there. Resolves with the exit status. */
export async function doctor(options: DoctorOptions): Promise<number> {
  try {
    const report = await interruptible((signal) => Promise.race([look(options), aborted(signal)]));
    console.log(options.json ? JSON.stringify(report, null, 2) : printDoctor(report));
    return EXIT[report.state];
  } catch (error) {
    if (error instanceof Interrupted) return error.exitStatus;
    const { sentence, mistake } = trouble(error);
    console.error(`recoverable: ${sentence}`);
    return mistake ? EXIT.mistake : EXIT.unknown;
  }
}

async function look(options: DoctorOptions): Promise<DoctorReport> {
  const { app, site } = options;
  const stacks = app === undefined ? undefined : readAssembly(app);
  const aws = new Aws(await clientOptions(options));
  const account = await accountOf(aws);
  const sites = await sitesIn(aws, site, stacks !== undefined);
  if (sites.length === 0 && !stacks) {
    const which = site === undefined ? 'no recovery site' : `no recovery site ${JSON.stringify(site)}`;
    throw new NamedError(
      'UserError',
      `there is ${which} in ${aws.region} of this account: before a deployment, give the app that will be deployed with --app cdk.out; after it, check profile and Region`,
    );
  }
  return examine(new Look(aws, sites, stacks && plannedFor(stacks, aws.region, account)), QUESTIONS, account);
}

/** Whose ARNs these are; the default group is in every account. */
async function accountOf(aws: Aws): Promise<string | undefined> {
  const client = aws.scheduler;
  try {
    const groups = await ask('scheduler:ListScheduleGroups', () =>
      all(paginateListScheduleGroups({ client }, { NamePrefix: 'default' }), (page) => page.ScheduleGroups),
    );
    return groups.at(0)?.Arn?.split(':')[4];
  } catch (error) {
    if (error instanceof Denied) return undefined;
    throw error;
  }
}

/** Where the sites may not be listed, an app is asked about all the same. */
async function sitesIn(aws: Aws, site: string | undefined, isPlanned: boolean): Promise<readonly FoundSite[]> {
  const sites = await ask('scheduler:ListScheduleGroups', () => allSites(aws.scheduler)).catch((error: unknown) => {
    if (error instanceof Denied && isPlanned) return [];
    throw error;
  });
  return sites.filter((one) => site === undefined || one.site === site);
}

/** Questions under way end with the process. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}
