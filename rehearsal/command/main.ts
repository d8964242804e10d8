import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json';
import { addBackupNow } from './backup-now/command';
import { addCost } from './cost/command';
import { addDoctor } from './doctor/command';
import { EXIT, USER_ERRORS } from './exit';
import { addObjectives } from './objectives/command';
import { printable } from './printable';
import { addRehearse } from './rehearse/command';
import { addStatus } from './status/command';

/** The `recoverable` command. Resolves with the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('recoverable')
    .description('Proves that what is backed up can be restored.')
    .version(packageJson.version)
    .exitOverride()
    .showHelpAfterError('(--help tells more)');
  let status: number = EXIT.PASSED;
  addRehearse(program, (ended) => (status = ended));
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
