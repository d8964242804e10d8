import { Arn, ArnFormat, type Stack } from 'aws-cdk-lib';

/** ARNs that no construct of the site stands for, in the site's account and Region. */
export function rdsArn(stack: Stack, resource: string, resourceName: string): string {
  return Arn.format({ service: 'rds', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME }, stack);
}

/** What every ARN of RDS begins with here: `arn:<partition>:rds:<region>:<account>`. */
export function rdsOf(stack: Stack): string {
  return `arn:${stack.partition}:rds:${stack.region}:${stack.account}`;
}

/** Everything a drill may have restored, by its name. */
export function copies(stack: Stack, prefix: string): string {
  return rdsArn(stack, 'db', `${prefix}*`);
}

/** The groups that a copy is restored with; RDS authorises restores on them too. */
export function restoreGroups(stack: Stack, prefix: string): string[] {
  return [
    rdsArn(stack, 'subgrp', `${prefix}drill`),
    rdsArn(stack, 'og', 'default:postgres-*'),
    rdsArn(stack, 'pg', 'default.postgres*'),
  ];
}

/** Secrets Manager appends six characters to a secret's name. */
export function secrets(stack: Stack, prefix: string): string {
  return Arn.format(
    {
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${prefix}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    },
    stack,
  );
}

/** Every schedule of a group, by the group's name. */
export function schedulesIn(stack: Stack, group: string): string {
  return Arn.format({ service: 'scheduler', resource: 'schedule', resourceName: `${group}/*` }, stack);
}
