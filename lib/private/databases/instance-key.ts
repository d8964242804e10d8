import { Reference, Resource, Token, Tokenization } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';

/** Whether a key is one that AWS manages, whose policy nobody can change. */
export function isAwsManaged(key: string): boolean {
  return key === 'aws/rds' || /(^|:)alias\/aws\//.test(key);
}

/** The construct behind the ARN of a key, where it is of this app, so that its policy can be added to. */
export function keyConstruct(keyArn: string): Key | undefined {
  if (!Token.isUnresolved(keyArn)) return undefined;
  const parts = Tokenization.reverseString(keyArn);
  const [token] = parts.tokens;
  const key = parts.length === 1 && Reference.isReference(token) ? token.target.node.scope : undefined;
  return key instanceof Key && Resource.isOwnedResource(key) ? key : undefined;
}
