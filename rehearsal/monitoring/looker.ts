import policy from '../../examples/status/role-policy.json';
import type { PolicyDocument, Principal } from '../aws';
import type { Deployment } from '../template/deployment';

/** Access key of whoever looks at a rehearsed account. */
export const LOOKER = 'LOOKER';

interface Encryption {
  readonly ServerSideEncryptionConfiguration: readonly {
    readonly ServerSideEncryptionByDefault: { readonly KMSMasterKeyID: string };
  }[];
}

/** Somebody with the rights that the example gives to whoever looks, and no other. */
export function looker(deployment: Deployment): Principal {
  const { region, account } = deployment.place;
  const { name, properties } = deployment.one('AWS::S3::Bucket', 'StateBucket');
  const [rule] = (properties.BucketEncryption as Encryption).ServerSideEncryptionConfiguration;
  const filled = JSON.stringify(policy)
    .replaceAll('STATE_BUCKET', name)
    .replaceAll('SITE_KEY_ARN', rule.ServerSideEncryptionByDefault.KMSMasterKeyID)
    .replaceAll('REGION', region)
    .replaceAll('ACCOUNT', account);
  return { arn: `arn:aws:iam::${account}:role/looker`, policies: [JSON.parse(filled) as PolicyDocument] };
}
