import { type Command, InvalidArgumentError } from 'commander';
import { readAssembly } from '../../assembly/read';
import { differences } from '../../cost/difference';
import { estimate } from '../../cost/estimate';
import { priceTable } from '../../cost/prices';
import { printDifference, printEstimate } from './print';

interface CostOptions {
  readonly app: string;
  readonly base?: string;
  readonly gib: ReadonlyMap<string, number>;
  readonly changeRate: number;
  readonly drillHours: number;
  readonly prices?: string;
  readonly json?: boolean;
}

/** `recoverable cost`: an estimate and no judgement, so it ends with 0 whatever it says. */
export function addCost(program: Command): void {
  program
    .command('cost')
    .description('Estimates what recovery costs a month in a synthesized app, or how much more than in another.')
    .requiredOption('--app <dir>', 'the cloud assembly, as `cdk synth` writes it: mostly cdk.out')
    .option('--base <dir>', 'another cloud assembly: print the difference from it')
    .option(
      '--gib <name=n>',
      'storage of a resource whose template does not say it, GiB; may be repeated',
      gib,
      new Map(),
    )
    .option('--change-rate <percent>', 'how much of a database changes in a day', percent, 0.02)
    .option('--drill-hours <hours>', 'how long a restored copy lives in a drill', hours, 1)
    .option('--prices <file>', 'a price table of your own, in the form of assets/command/prices.json')
    .option('--json', 'print the estimate as JSON and nothing else')
    .addHelpText('after', '\nExit status: 0 when the estimate is printed, 2 for a mistake in the call.')
    .action((options: CostOptions) => {
      console.log(cost(options));
    });
}

function cost({ app, base, prices: file, json, ...assumptions }: CostOptions): string {
  const prices = priceTable(file);
  const of = (folder: string) => estimate(readAssembly(folder), prices, assumptions);
  const now = of(app);
  if (base === undefined) return json ? JSON.stringify(now, null, 2) : printEstimate(now);
  const before = of(base);
  const found = differences(before, now);
  if (!json) return printDifference(before, now, found);
  return JSON.stringify(
    { schema: 'cdk-recoverable/cost-difference/v1', base: before, app: now, differences: found },
    null,
    2,
  );
}

function gib(text: string, known: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const [, name, value] = /^(.+)=(\d+)$/.exec(text) ?? [];
  if (!(Number(value) > 0)) throw new InvalidArgumentError('Give <plan>/<resource>=<GiB>, like Gold/Orders=500.');
  return new Map([...known, [name, Number(value)]]);
}

function percent(text: string): number {
  return within(text, 0, 100) / 100;
}

function hours(text: string): number {
  return within(text, 0, 24);
}

function within(text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most)) {
    throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`);
  }
  return value;
}
