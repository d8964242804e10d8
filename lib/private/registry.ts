import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { topStack } from './site-names';
import { ValidationError } from './validation';

const siteNames = new WeakMap<Stack, Set<string>>();

/** Two sites of one name in one stack would share a prefix, and one's sweeper would remove what the other's drills made. */
export function claimSiteName(site: Construct, name: string): void {
  const stack = topStack(site);
  const names = siteNames.get(stack) ?? new Set();
  if (names.has(name)) {
    throw new ValidationError(
      `stack ${stack.stackName} already has a recovery site named ${name}: share it between plans, or name one of them differently`,
    );
  }
  siteNames.set(stack, names.add(name));
}

/** What the plans of one site have taken. */
export class ResourceRegistry {
  private readonly names = new Set<string>();
  private readonly policies = new Map<string, number>();
  private readonly replicated = new Map<string, number>();

  /** Counts a managed policy on a role. */
  attach(role: string): number {
    const count = (this.policies.get(role) ?? 0) + 1;
    this.policies.set(role, count);
    return count;
  }

  /** Counts an instance whose automated backups are replicated to a Region. */
  replicate(region: string): number {
    const count = (this.replicated.get(region) ?? 0) + 1;
    this.replicated.set(region, count);
    return count;
  }

  /** Evidence, locks and metrics are kept by this name: two resources under one would mix theirs. */
  claim(name: string): void {
    if (this.names.has(name)) {
      throw new ValidationError(
        `two plans of one recovery site both protect ${name}: give one of the plans another name`,
      );
    }
    this.names.add(name);
  }
}
