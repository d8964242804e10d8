import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** What Lambda needs to put a function into a network. AWS documents them on all resources. */
const ATTACH = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** Lambda the service may attach the function to its network; the function's own code may not: it runs against restored data. */
export function attachToNetwork(functionArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ATTACH, resources: ['*'] }),
    new PolicyStatement({
      sid: 'NotFromItsOwnCode',
      effect: Effect.DENY,
      actions: [...ATTACH, 'ec2:DetachNetworkInterface'],
      resources: ['*'],
      conditions: { ArnLike: { 'lambda:SourceFunctionArn': functionArn } },
    }),
  ];
}
