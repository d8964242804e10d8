import { Fn, Stack, Token } from 'aws-cdk-lib';
import type { RecoverySite } from '../../site/recovery-site';
import { deployBefore } from '../copies/deploy-order';
import { sameAccountAs } from '../copies/copy-target';
import { topStack } from '../site-names';
import { show, ValidationError } from '../validation';
import { bucketArn, replicaName } from './names';

/** Where the replica of one bucket is, as the stacks of the bucket and of its plan write it. */
export interface ReplicaTarget {
  readonly site: RecoverySite;
  readonly region: string;
  /** As both stacks write it. */
  readonly account: string;
  readonly sameAccount: boolean;
  readonly bucketName: string;
  /** The same, as the stack of the replica writes it: an account that deployment alone knows is another token there. */
  readonly thereName: string;
  readonly bucketArn: string;
  /** What S3 is told to encrypt replicas under: the ARN of the key, or in another account of its alias. */
  readonly keyArn: string;
}

/**
 * The replica in a site of this app. Its name is known here; the ARN of its key travels as an output of its stack. No output of
 * another account can be read, so there the key has an alias of known name.
 */
export function replicaTarget(name: string, home: RecoverySite, site: RecoverySite): ReplicaTarget {
  const there = Stack.of(site);
  const here = Stack.of(home);
  requireElsewhere(name, home, site);
  const sameAccount = sameAccountAs(home, `site ${site.siteName} in ${show(there.region)}`, there, true);
  const account = sameAccount && Token.isUnresolved(here.account) ? here.account : there.account;
  const bucketName = replicaName(site, name, account);
  const key = site._replicas().keyName(sameAccount);
  return {
    site,
    region: there.region,
    account,
    sameAccount,
    bucketName,
    thereName: replicaName(site, name, there.account),
    bucketArn: bucketArn(here, bucketName),
    keyArn: sameAccount
      ? Fn.getStackOutput(topStack(site).stackName, key, there.region)
      : here.formatArn({ service: 'kms', region: there.region, account, resource: 'alias', resourceName: key }),
  };
}

/** `deploy --all` begins with the replica, whose name and key the bucket's rule says. */
export function deployReplicaFirst({ site }: ReplicaTarget, stack: Stack): void {
  deployBefore(topStack(site), topStack(stack));
}

function requireElsewhere(name: string, home: RecoverySite, site: RecoverySite): void {
  const here = Stack.of(home);
  const there = Stack.of(site);
  const sameAccount = here.account === there.account;
  if (site === home || (sameAccount && here.region === there.region && !Token.isUnresolved(here.region))) {
    throw new ValidationError(
      `the replica of ${name} would be in ${show(there.region)}, the home Region of the bucket, and lost with it: name a site in another Region or account in replicateTo`,
    );
  }
}
