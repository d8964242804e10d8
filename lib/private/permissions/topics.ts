import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Alerts } from '../../plan/alerts';
import { topicsOf } from '../alerts';

/** Publishing to a plan's topics, and the keys that encrypt them where the topics say so. */
export function publish(alerts: Alerts): PolicyStatement[] {
  const topics = topicsOf(alerts);
  const keys = topics.flatMap((topic) => (topic.masterKey ? [topic.masterKey.keyArn] : []));
  return [
    new PolicyStatement({ actions: ['sns:Publish'], resources: topics.map((topic) => topic.topicArn) }),
    ...(keys.length === 0
      ? []
      : [
          new PolicyStatement({
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: [...new Set(keys)],
            conditions: { StringEquals: { 'kms:ViaService': `sns.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
          }),
        ]),
  ];
}
