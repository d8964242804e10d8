import { Stage, type Stack } from 'aws-cdk-lib';
import { ValidationError } from '../validation';

/**
 * Makes `deploy --all` begin with what the other stack reads. Stages are ordered by whoever made them: the CDK takes no
 * dependency across them.
 */
export function deployBefore(first: Stack, then: Stack): void {
  if (first === then || Stage.of(first) !== Stage.of(then)) return;
  if (reaches(first, then)) {
    throw new ValidationError(
      `stack ${then.stackName} copies to a recovery site in stack ${first.stackName}, which in turn depends on ${then.stackName}: neither could be deployed first; give each recovery site a stack of its own, apart from the plans`,
    );
  }
  then.addDependency(first, `copies to a recovery site in ${first.stackName}`);
}

/** Whether a stack comes after another. */
export function reaches(from: Stack, to: Stack): boolean {
  return from.dependencies.some((each) => each === to || reaches(each, to));
}
