import { FAULTS } from '../../rehearse/faults';
import { rehearse, type RehearsalOutcome } from '../../rehearse/rehearse';
import { EXIT, USER_ERRORS } from '../exit';
import { Interrupted, interruptible } from '../interruption';
import { printable } from '../printable';
import { QuietProgress, TerminalProgress } from '../terminal-progress';
import { report } from './report';

export interface RehearseOptions {
  readonly dump?: string;
  readonly fault?: string;
  readonly listFaults?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

/** Resolves with the exit status. */
export async function rehearseCommand(options: RehearseOptions): Promise<number> {
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
