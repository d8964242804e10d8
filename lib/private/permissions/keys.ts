import { Arn, Aws, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Restoring an encrypted source lets RDS, and RDS alone, use the source's key for the copy. Granted by the plan. */
export function restoreUnder(keyArns: string[]): PolicyStatement[] {
  const viaRds = { 'kms:ViaService': `rds.${Aws.REGION}.${Aws.URL_SUFFIX}` };
  return [
    new PolicyStatement({
      sid: 'DescribeSourceKeys',
      actions: ['kms:DescribeKey'],
      resources: keyArns,
      conditions: { StringEquals: viaRds },
    }),
    new PolicyStatement({
      sid: 'GrantSourceKeys',
      actions: ['kms:CreateGrant'],
      resources: keyArns,
      conditions: { StringEquals: viaRds, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  ];
}

/** For a source whose key is not known: an imported instance does not reveal it. */
export function anyKey(stack: Stack, region = stack.region): string {
  return Arn.format({ service: 'kms', region, resource: 'key', resourceName: '*' }, stack);
}
