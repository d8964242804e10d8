import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { secrets } from './arns';

/** Creates a drill's own secret, and reads it back when the create was repeated. */
export function makeSecrets(stack: Stack, prefix: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['secretsmanager:CreateSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:TagResource'],
    resources: [secrets(stack, prefix)],
  });
}

export function readSecrets(stack: Stack, prefix: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['secretsmanager:GetSecretValue'],
    resources: [secrets(stack, prefix)],
  });
}

export function removeSecrets(stack: Stack, prefix: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['secretsmanager:DeleteSecret', 'secretsmanager:DescribeSecret'],
    resources: [secrets(stack, prefix)],
  });
}

export function listSecrets(): PolicyStatement {
  return new PolicyStatement({ actions: ['secretsmanager:ListSecrets'], resources: ['*'] });
}
