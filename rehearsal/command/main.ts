import { Command, CommanderError, Option } from 'commander';
import packageJson from '../../package.json';
import { FAULTS } from '../rehearse/faults';
import { rehearse, type RehearsalOutcome } from '../rehearse/rehearse';
import { addBackupNow } from './backup-now/command';
import { addCost } from './cost/command';
import { addDoctor } from './doctor/command';
import { Interrupted, interruptible } from './interruption';
import { addObjectives } from './objectives/command';
import { printable } from './printable';
import { report } from './report';
import { addStatus } from './status/command';
import { QuietProgress, TerminalProgress } from './terminal-progress';

/** Exit statuses: machines read them before they read anything else. */
const EXIT = { PASSED: 0, FAILED: 1, USER: 2, INCONCLUSIVE: 3 } as const;

/** What the user can mend: a wrong call, a dump that cannot be read, a machine without PostgreSQL, a folder that is no app. */
const USER_ERRORS = new Set(['UserError', 'DumpError', 'PostgresNotFound', 'AssemblyError', 'PriceError']);

interface RehearseOptions {
  readonly dump?: string;
  readonly fault?: string;
  readonly listFaults?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

/** The `recoverable` command. Resolves with the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('recoverable')
    .description('Proves that what is backed up can be restored.')
    .version(packageJson.version)
    .exitOverride()
    .showHelpAfterError('(--help tells more)');
  let status: number = EXIT.PASSED;
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
      status = await rehearseCommand(options);
    });
  addObjectives(program);
  addCost(program);
  addBackupNow(program, (ended) => (status = ended));
  addStatus(program, (ended) => (status = ended));
  addDoctor(program, (ended) => (status = ended));
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.PASSED : EXIT.USER;
    if (!(error instanceof Error && USER_ERRORS.has(error.name))) throw error;
    console.error(`recoverable: ${printable(error.message)}`);
    return EXIT.USER;
  }
  return status;
}

async function rehearseCommand(options: RehearseOptions): Promise<number> {
  if (options.listFaults) {
    const width = Math.max(...FAULTS.map((fault) => fault.name.length));
    for (const { name, what, verdict, from } of FAULTS) {
      const needs = from === undefined ? '' : `; needs a drill from a ${from.replace('-', ' ')}`;
      console.log(`${name.padEnd(width)}  ${what} (${verdict}${needs})`);
    }
    return EXIT.PASSED;
  }
  const live = process.stderr.isTTY && process.stdout.isTTY && !options.json;
  const progress = live ? new TerminalProgress() : new QuietProgress();
  let outcome: RehearsalOutcome;
  try {
    const { dump, fault, out } = options;
    outcome = await interruptible((signal) => rehearse({ dump, fault, out, progress, signal }));
  } catch (error) {
    await progress.close();
    if (!(error instanceof Error)) throw error;
    console.error(`recoverable: ${printable(error.message)}`);
    if (error instanceof Interrupted) return error.exitStatus;
    return USER_ERRORS.has(error.name) ? EXIT.USER : EXIT.INCONCLUSIVE;
  }
  await progress.close();
  console.log(options.json ? JSON.stringify(outcome.evidence, null, 2) : report(outcome));
  return EXIT[outcome.evidence.verdict];
}
