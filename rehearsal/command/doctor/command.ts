import type { Command } from 'commander';
import type { DoctorOptions } from './run';

/** `recoverable doctor`: reads, and changes nothing. */
export function addDoctor(program: Command, ended: (status: number) => void): void {
  program
    .command('doctor')
    .description(
      'Asks a real account what only it can show: keys, quotas, roles, groups, subscriptions, metrics. Reads alone, before a deployment and after it.',
    )
    .option('--app <dir>', 'before a deployment: the cloud assembly, mostly cdk.out')
    .option('--site <name>', 'the recovery site (default: all of the Region)')
    .option('--profile <name>', 'profile of the AWS configuration')
    .option('--region <region>', 'AWS Region')
    .option('--json', 'print the answers as JSON and nothing else')
    .addHelpText(
      'after',
      '\nExit status: 0 nothing is refuted, 1 something is, 3 nothing could be asked, 2 for a mistake in the call, 130 for Ctrl-C.',
    )
    .action(async (options: DoctorOptions) => {
      // AWS's clients take a moment to load, which no other command needs to wait for.
      const { doctor } = await import('./run');
      ended(await doctor(options));
    });
}
