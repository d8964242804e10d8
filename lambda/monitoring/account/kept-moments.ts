import { plusSeconds } from '../../shared/clock';
import { copyJobs } from './copy-jobs';
import { arnOf, momentKey, type Moments, type Target, type Where } from './moments';
import { NewestKept } from './newest-kept';
import { recoveryPoints, regionOf } from './recovery-points';

const DAY = 86_400;

/** AWS Backup forgets copy jobs after 30 days. */
const REMEMBERED = 30 * DAY;

type Vault = [string, readonly Target[]];

/** The newest recovery points and copies. Each vault is listed once for all of its resources, as far back as something new may be. */
export async function keptMoments(targets: readonly Target[], where: Where, found: Moments): Promise<void> {
  const vaults = new Map<string, Target[]>();
  for (const target of targets) {
    const vault = target.source.vaultArn ?? '';
    vaults.set(vault, [...(vaults.get(vault) ?? []), target]);
  }
  await Promise.all(
    [...vaults].map((vault) => (vault[1][0].source.otherAccount ? jobsInto : pointsIn)(vault, where, found)),
  );
}

async function jobsInto([vaultArn, targets]: Vault, where: Where, found: Moments): Promise<void> {
  const newest = new NewestKept(retentions(targets));
  const first = targets.some(({ last }) => last === undefined);
  const back = where.deep || first ? REMEMBERED : lookback(targets);
  const since = plusSeconds(where.now, -back);
  if (!(await copyJobs(where.clients.backup(where.home), where.asking, vaultArn, since, newest))) return;
  for (const target of targets) {
    const seen = newest.get(arnOf(where.rdsArn, target), target.source.retentionDays ?? 0);
    found.set(momentKey(target), { newest: seen ?? target.last?.newest });
  }
}

async function pointsIn([vaultArn, targets]: Vault, where: Where, found: Moments): Promise<void> {
  const client = where.clients.backup(regionOf(vaultArn, where.home));
  const back = Math.max(lookback(targets), where.deep ? furthest(targets) : 0);
  const since = plusSeconds(where.now, -back);
  const newest = new NewestKept(retentions(targets));
  if (!(await recoveryPoints(client, where.asking, vaultArn, { since }, newest))) return;
  const answer = (target: Target, of: NewestKept) =>
    of.get(arnOf(where.rdsArn, target), target.source.retentionDays ?? 0);
  const missing: Target[] = [];
  for (const target of targets) {
    const last = target.last?.newest;
    const seen = answer(target, newest);
    if (seen !== undefined) found.set(momentKey(target), { newest: seen });
    // Never looked for, or not there any more though it would have been listed: asked for by its name.
    else if (!target.last || (last !== undefined && last > since)) missing.push(target);
    else found.set(momentKey(target), { newest: last });
  }
  const resources = new Set(missing.map((target) => arnOf(where.rdsArn, target)));
  await Promise.all(
    [...resources].map(async (resourceArn) => {
      const own = new NewestKept(retentions(targets));
      if (!(await recoveryPoints(client, where.asking, vaultArn, { resourceArn }, own))) return;
      for (const target of missing.filter((one) => arnOf(where.rdsArn, one) === resourceArn)) {
        found.set(momentKey(target), { newest: answer(target, own) });
      }
    }),
  );
}

function retentions(targets: readonly Target[]): number[] {
  return [...new Set(targets.map(({ source }) => source.retentionDays ?? 0))];
}

/** What is listed now and was not complete in the last full run began no longer ago than twice what AWS Backup may take for it. */
function lookback(targets: readonly Target[]): number {
  return Math.max(2 * DAY, ...targets.map(({ source }) => 2 * (source.completionSeconds ?? 0)));
}

function furthest(targets: readonly Target[]): number {
  return Math.max(...targets.map(({ source }) => source.allowedSeconds));
}
