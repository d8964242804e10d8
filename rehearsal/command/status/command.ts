import type { Command } from 'commander';
import type { StatusOptions } from './run';

/** `recoverable status`: ends with what it saw, so that a pipeline can stop at a database that cannot be recovered. */
export function addStatus(program: Command, ended: (status: number) => void): void {
  program
    .command('status')
    .description(
      'Shows whether everything protected could be recovered now, as the monitors of an account last saw it.',
    )
    .option('--site <name>', 'the recovery site (default: all of the Region)')
    .option('--profile <name>', 'profile of the AWS configuration')
    .option('--region <region>', 'AWS Region')
    .option('--rehearse', 'of a real PostgreSQL on this machine, with monitor and alarms of the example')
    .option('--fault <name>', 'with --rehearse: what goes wrong; archiving-stopped')
    .option('--json', 'print the status as JSON and nothing else')
    .addHelpText(
      'after',
      '\nExit status: 0 all is fresh, 1 something is stale or needs somebody, 3 cannot tell, 2 for a mistake in the call, 130 for Ctrl-C.',
    )
    .action(async (options: StatusOptions) => {
      // AWS's clients take a moment to load, which no other command needs to wait for.
      const { status } = await import('./run');
      ended(await status(options));
    });
}
