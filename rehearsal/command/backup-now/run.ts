import { randomBytes } from 'node:crypto';
import { RDSClient } from '@aws-sdk/client-rds';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { Listr } from 'listr2';
import { isTagValue, onDemandName } from '../../../lambda/recovery/snapshots';
import { now, plusSeconds } from '../../../lambda/shared/clock';
import { NamedError } from '../../../lambda/shared/named-error';
import { Interrupted, interruptible } from '../interruption';
import { clientOptions, trouble, type AccountOptions } from '../account/account';
import { printable } from '../printable';
import { choose } from './choose';
import { protectedResources, type Protected } from './protected';
import { start, wait, type Order } from './take';

export interface BackupNowOptions extends AccountOptions {
  readonly reason: string;
  readonly all?: boolean;
  readonly wait?: boolean;
  readonly json?: boolean;
  readonly retentionDays: string;
}

/** Machines read these first: it is done, it failed, the call was wrong. */
const EXIT = { DONE: 0, FAILED: 1, USER: 2 } as const;

/** One snapshot, as --json prints it. */
interface Outcome {
  readonly site: string;
  readonly resource: string;
  readonly kind: Protected['kind'];
  /** DBInstanceIdentifier or DBClusterIdentifier. */
  readonly identifier: string;
  readonly snapshot: string;
  readonly expires: string;
  status: 'not started' | 'creating' | 'available' | 'failed';
  error?: string;
}

/** Takes manual snapshots now, of one protected resource or all of a site. Resolves with the exit status. */
export async function backupNow(resource: string | undefined, options: BackupNowOptions): Promise<number> {
  const outcomes: Outcome[] = [];
  try {
    const days = checked(resource, options);
    await interruptible((signal) => run(resource, options, days, outcomes, signal));
  } catch (error) {
    if (error instanceof Interrupted) {
      console.error(`recoverable: interrupted: ${goesOn(outcomes)}`);
      return error.exitStatus;
    }
    const { sentence, mistake } = trouble(error);
    console.error(`recoverable: ${sentence}`);
    return mistake ? EXIT.USER : EXIT.FAILED;
  }
  console.log(
    options.json ? JSON.stringify({ reason: options.reason, snapshots: outcomes }, null, 2) : report(outcomes),
  );
  return outcomes.some(({ error }) => error !== undefined) ? EXIT.FAILED : EXIT.DONE;
}

function checked(resource: string | undefined, { all, reason, retentionDays }: BackupNowOptions): number {
  if ((resource === undefined) !== (all === true)) {
    throw new NamedError('UserError', 'name one resource, `<plan>/<resource>` or an identifier, or give --all');
  }
  if (reason.trim() === '' || !isTagValue(reason)) {
    const allowed = '1 to 256 letters, digits, spaces and _ . : / = + - @';
    throw new NamedError(
      'UserError',
      `the reason is kept as a tag, which takes ${allowed}; got ${JSON.stringify(reason)}`,
    );
  }
  const days = Number(retentionDays);
  if (!Number.isInteger(days) || days < 1 || days > 3_650) {
    throw new NamedError(
      'UserError',
      `--retention-days must be a whole number from 1 to 3650, got ${JSON.stringify(retentionDays)}`,
    );
  }
  return days;
}

async function run(
  resource: string | undefined,
  options: BackupNowOptions,
  days: number,
  outcomes: Outcome[],
  signal: AbortSignal,
): Promise<void> {
  const { site, reason } = options;
  const account = await clientOptions(options);
  const rds = new RDSClient(account);
  const targets = choose(await protectedResources(new SchedulerClient(account), site), resource);
  signal.throwIfAborted();
  const time = now();
  const orders: Order[] = targets.map((target) => ({
    target,
    snapshot: onDemandName(target.prefix, target, time, randomBytes(4).toString('hex')),
    reason,
    expires: plusSeconds(time, days * 86_400),
  }));
  const live = process.stdout.isTTY && process.stderr.isTTY && !options.json;
  const tasks = orders.map((order) => {
    const { site: of, name, kind, identifier } = order.target;
    const { snapshot, expires } = order;
    const outcome: Outcome = {
      site: of,
      resource: name,
      kind,
      identifier,
      snapshot,
      expires,
      status: 'not started',
    };
    outcomes.push(outcome);
    return {
      title: name,
      task: async (_: unknown, row: { title: string }) => {
        let last = '';
        const say = (text: string) => {
          row.title = `${name}  ${printable(text)}`;
          if (!live && text !== last) console.error(row.title);
          last = text;
        };
        await takeOne(order, outcome, options.wait === true, { rds, signal, say });
      },
    };
  });
  const renderer = live ? ('default' as const) : ('silent' as const);
  await new Listr(tasks, { concurrent: 5, exitOnError: false, registerSignalListeners: false, renderer }).run();
  signal.throwIfAborted();
}

/** One resource's trouble keeps none of the others from being backed up. */
async function takeOne(
  order: Order,
  outcome: Outcome,
  patient: boolean,
  taking: Parameters<typeof wait>[1],
): Promise<void> {
  const { signal, say } = taking;
  try {
    signal.throwIfAborted();
    // Before the call: when its answer is lost, the snapshot goes on all the same.
    outcome.status = 'creating';
    await start(order, taking, patient);
    say(`snapshot ${order.snapshot} started`);
    if (!patient) return;
    await wait(order, taking);
    outcome.status = 'available';
    say(`snapshot ${order.snapshot} is available`);
  } catch (error) {
    if (signal.aborted) throw error;
    outcome.status = 'failed';
    outcome.error = error instanceof Error ? error.message : String(error);
    say(`failed: ${outcome.error}`);
    throw error;
  }
}

function goesOn(outcomes: readonly Outcome[]): string {
  const started = outcomes.filter(({ status }) => status === 'creating');
  if (started.length === 0) return 'nothing was started';
  const [{ kind, snapshot }] = started;
  const what = kind === 'db-cluster' ? 'db-cluster-snapshot' : 'db-snapshot';
  const look = `aws rds describe-${what}s --${what}-identifier ${snapshot}`;
  return `RDS goes on with ${started.map((one) => one.snapshot).join(', ')}; look with \`${look}\``;
}

function report(outcomes: readonly Outcome[]): string {
  return outcomes
    .map(({ resource, identifier, snapshot, expires, status, error }) =>
      error === undefined
        ? `✔ ${resource} (${identifier}): snapshot ${snapshot} ${status === 'available' ? 'is available' : 'has been started'}, kept until ${expires.slice(0, 10)}`
        : `✖ ${resource} (${identifier}): ${printable(error)}`,
    )
    .join('\n');
}
