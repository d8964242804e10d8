import { createHash } from 'node:crypto';
import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { show, ValidationError } from './validation';

const LONGEST_NAME = 20;
const NAME = /^[a-z](-?[a-z0-9])*$/;

/** The site's name: as given, or made from the stack's. It is in the prefix of everything a drill makes. */
export function siteName(scope: IConstruct, given?: string): string {
  if (given === undefined) return fit(topStack(scope).stackName);
  if (Token.isUnresolved(given) || given.length > LONGEST_NAME || !NAME.test(given)) {
    throw new ValidationError(
      `name of a recovery site must be 1 to ${LONGEST_NAME} lower-case letters, digits and single hyphens and begin with a letter, got: ${show(given)}`,
    );
  }
  return given;
}

/**
 * What the name of everything that a drill makes begins with, at most 34 characters so that 20 of a drill's id still fit
 * an RDS identifier. The hash keeps sites of one name in several stacks (and Regions, where known) from ever removing each
 * other's things.
 */
export function sitePrefix(scope: IConstruct, name: string): string {
  const { stackName, region } = topStack(scope);
  const identity = [stackName, Token.isUnresolved(region) ? '' : region, name];
  return `rcv-${name}-${hash(identity.join('\n')).slice(0, 8)}-`;
}

/** The stack that is deployed by itself: a nested stack's own name is known only at deployment. */
export function topStack(scope: IConstruct): Stack {
  let stack = Stack.of(scope);
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  return stack;
}

function fit(stackName: string): string {
  const plain = stackName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  if (plain.length <= LONGEST_NAME) return plain;
  return `${plain.slice(0, 13).replace(/-+$/, '')}-${hash(stackName).slice(0, 6)}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
