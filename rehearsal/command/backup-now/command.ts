import type { Command } from 'commander';
import type { BackupNowOptions } from './run';

/** `recoverable backup-now`: says how it ended, since a backup that was not taken must stop a pipeline. */
export function addBackupNow(program: Command, ended: (status: number) => void): void {
  program
    .command('backup-now')
    .description(
      'Takes a snapshot of a protected database now, for a pipeline before a risky change or in an emergency.',
    )
    .argument(
      '[resource]',
      'what to back up: `<plan>/<resource>`, or the identifier of a protected instance or cluster',
    )
    .requiredOption('--reason <text>', 'why; kept as a tag of the snapshot')
    .option('--all', 'every protected resource of the site')
    .option('--wait', 'end only when the snapshot is available')
    .option('--retention-days <n>', 'how long the snapshot is kept', '90')
    .option('--site <name>', 'the recovery site (default: the only one that fits)')
    .option('--profile <name>', 'profile of the AWS configuration')
    .option('--region <region>', 'AWS Region')
    .option('--json', 'print the snapshots on stdout and nothing else there')
    .addHelpText('after', '\nExit status: 0 done, 1 failed, 2 for a mistake in the call, 130 for Ctrl-C.')
    .action(async (resource: string | undefined, options: BackupNowOptions) => {
      // AWS's clients take a moment to load, which no other command needs to wait for.
      const { backupNow } = await import('./run');
      ended(await backupNow(resource, options));
    });
}
