import { Annotations, Stack, Token } from 'aws-cdk-lib';
import { Alias, CfnKey, type IAlias, type IKey } from 'aws-cdk-lib/aws-kms';
import { CfnTopic, CfnTopicPolicy, type ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Alerts } from '../plan/alerts';
import { topicsOf } from './alerts';

const CLOUDWATCH = 'cloudwatch.amazonaws.com';

/** What CloudWatch needs of the key of a topic. Where it lacks it, the alarm turns red and nobody hears of it. */
const KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'];

interface Statement {
  readonly Effect: string;
  readonly Action?: string | string[];
  readonly Principal?: { readonly Service?: unknown };
}

/**
 * Refuses topics that alarms could not reach, as far as the app can know it: policies may still change until synthesis, so it is
 * asked then. What is imported only the account knows.
 */
export function requireReachableTopics(scope: Construct, alerts: Alerts): void {
  for (const topic of topicsOf(alerts)) {
    const declared = topic.node.defaultChild;
    if (!(declared instanceof CfnTopic)) continue;
    scope.node.addValidation({ validate: () => problemOf(topic, declared) });
    if (topic.masterKey && !keyOf(topic.masterKey) && aliasOf(topic.masterKey) !== 'alias/aws/sns') {
      Annotations.of(scope).addWarningV2(
        'cdk-recoverable:keyOfTopicNotKnown',
        `topic ${topic.node.path} is under a key that this app does not own: see that its policy lets ${CLOUDWATCH} use ${KEY_ACTIONS.join(' and ')}, or no alarm arrives`,
      );
    }
  }
}

function problemOf(topic: ITopic, declared: CfnTopic): string[] {
  const name = topic.node.path;
  const managed = topic.masterKey ? aliasOf(topic.masterKey) : declared.kmsMasterKeyId;
  if (managed === 'alias/aws/sns') {
    return [
      `topic ${name} is under alias/aws/sns, which CloudWatch may not use: no alarm would arrive; give it a key of its own whose policy lets ${CLOUDWATCH} use it, or use AlertTopics`,
    ];
  }
  const key = topic.masterKey && keyOf(topic.masterKey);
  if (key && !KEY_ACTIONS.every((action) => allows(statementsOf(key, key.keyPolicy), action))) {
    return [
      `topic ${name} is under key ${key.node.path}, whose policy does not let ${CLOUDWATCH} use ${KEY_ACTIONS.join(' and ')}: no alarm would arrive; add that statement, or use AlertTopics`,
    ];
  }
  const policy = topic.node.findAll().find((each) => each instanceof CfnTopicPolicy);
  if (policy && !allows(statementsOf(policy, policy.policyDocument), 'sns:Publish')) {
    return [
      `topic ${name} has a policy that does not let ${CLOUDWATCH} publish: no alarm would arrive; add that statement, or use AlertTopics`,
    ];
  }
  return [];
}

function allows(statements: readonly Statement[], action: string): boolean {
  return statements.some(
    ({ Effect, Action, Principal }) =>
      Effect === 'Allow' &&
      JSON.stringify(Principal ?? '').match(/"cloudwatch\.amazonaws\.com|"AWS":"\*"|^"\*"$/) &&
      [Action].flat().some((each) => each !== undefined && matches(each, action)),
  );
}

function matches(pattern: string, action: string): boolean {
  return pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : pattern === action;
}

function statementsOf(scope: Construct, document: unknown): Statement[] {
  const { Statement: statements = [] } = (Stack.of(scope).resolve(document) ?? {}) as { Statement?: Statement[] };
  return [statements].flat();
}

/** The key behind a key or an alias of this app. */
function keyOf(key: IKey): CfnKey | undefined {
  const target = key instanceof Alias ? key.aliasTargetKey : key;
  return target.node.defaultChild instanceof CfnKey ? target.node.defaultChild : undefined;
}

function aliasOf(key: IKey): string | undefined {
  const { aliasName } = key as Partial<IAlias>;
  return aliasName === undefined || Token.isUnresolved(aliasName) ? undefined : aliasName;
}
