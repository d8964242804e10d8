import { CfnOutput } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { topStack } from './site-names';

/** In the stack that is deployed by itself, whose outputs others can read; AWS chooses the id of a key. */
export function publishKey(scope: IConstruct, name: string, description: string, key: IKey): string {
  const output = name.replace(/[^A-Za-z0-9]/g, '');
  const made = new CfnOutput(topStack(scope), output, { description, value: key.keyArn });
  made.overrideLogicalId(output);
  return output;
}
