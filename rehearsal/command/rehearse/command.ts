import { Option, type Command } from 'commander';
import type { RehearseOptions } from './run';

/** `recoverable rehearse`: ends with the verdict. */
export function addRehearse(program: Command, ended: (status: number) => void): void {
  program
    .command('rehearse')
    .description(
      'Runs the restore drill that ships on this machine: a real PostgreSQL loses data, is restored to the moment before, is checked and measured.',
    )
    .option('--dump <file>', 'your own data: a plain SQL dump, as pg_dump writes it')
    .addOption(new Option('--fault <name>', 'let something go wrong; see --list-faults'))
    .option('--list-faults', 'list what can go wrong, one a line, and end')
    .option('--out <dir>', 'where the evidence goes (default: ./recoverable-evidence/<drill id>)')
    .option('--json', 'print the evidence on stdout and nothing else')
    .addHelpText(
      'after',
      '\nExit status: 0 PASSED, 1 FAILED, 3 INCONCLUSIVE, 2 for a mistake in the call, 130 for Ctrl-C.',
    )
    .action(async (options: RehearseOptions) => {
      // The rehearsed AWS takes a moment to load, which no other command needs to wait for.
      const { rehearseCommand } = await import('./run');
      ended(await rehearseCommand(options));
    });
}
