import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { now } from '../../../lambda/shared/clock';
import { clientOptions, trouble, type AccountOptions } from '../account/account';
import { Interrupted, interruptible } from '../interruption';
import { judge } from './judge';
import { printStatus } from './print';
import { readSites } from './read';

export interface StatusOptions extends AccountOptions {
  readonly json?: boolean;
}

/** Machines read these first: all is fresh, something is not, the call was wrong, nobody can tell. */
const EXIT = { fresh: 0, stale: 1, mistake: 2, unknown: 3 } as const;

/** Looks at an account, through what its monitors reported. Resolves with the exit status. */
export async function status(options: StatusOptions): Promise<number> {
  try {
    const report = await interruptible(async (signal) => {
      const client = await clientOptions(options);
      const read = await readSites(new SchedulerClient(client), client, options.site, signal);
      return judge(read, client.region, now());
    });
    console.log(options.json ? JSON.stringify(report, null, 2) : printStatus(report));
    return EXIT[report.state];
  } catch (error) {
    if (error instanceof Interrupted) return error.exitStatus;
    const { sentence, mistake } = trouble(error);
    console.error(`recoverable: ${sentence}`);
    return mistake ? EXIT.mistake : EXIT.unknown;
  }
}
