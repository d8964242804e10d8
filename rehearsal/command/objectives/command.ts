import type { Command } from 'commander';
import { readAssembly } from '../../assembly/read';
import { printObjectives } from './print';
import { objectivesReport } from './report';

/** `recoverable objectives`: a report and no judgement, so it ends with 0 whatever it says. */
export function addObjectives(program: Command): void {
  program
    .command('objectives')
    .description(
      'Shows what the plans of a synthesized app promise, what their recovery sources can reach, and what is under no plan.',
    )
    .requiredOption('--app <dir>', 'the cloud assembly, as `cdk synth` writes it: mostly cdk.out')
    .option('--json', 'print the report as JSON and nothing else')
    .addHelpText('after', '\nExit status: 0 when the report is printed, 2 for a mistake in the call.')
    .action(({ app, json }: { readonly app: string; readonly json?: boolean }) => {
      const report = objectivesReport(readAssembly(app));
      console.log(json ? JSON.stringify(report, null, 2) : printObjectives(report));
    });
}
