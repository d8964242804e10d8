import { Aws } from 'aws-cdk-lib';
import type { CfnVPC } from 'aws-cdk-lib/aws-ec2';
import {
  CfnFirewallDomainList,
  CfnFirewallRuleGroup,
  CfnFirewallRuleGroupAssociation,
} from 'aws-cdk-lib/aws-route53resolver';
import { Construct } from 'constructs';

/** What the name resolution of a drill network is limited for. */
export interface DnsFirewallProps {
  /** Name of the rule group and its lists begins with this. */
  readonly prefix: string;
  /** The network. */
  readonly vpc: CfnVPC;
}

/**
 * Lets names of RDS instances resolve and nothing else: DNS is the one way out of a network without routes that security
 * groups do not see. Fails closed, which is a VPC's default while it has no firewall configuration of its own.
 */
export class DnsFirewall extends Construct {
  /** Names that resolve. */
  public readonly allowed: CfnFirewallDomainList;
  /** Everything else. */
  public readonly blocked: CfnFirewallDomainList;
  /** The two rules. */
  public readonly ruleGroup: CfnFirewallRuleGroup;
  /** Rules and network. */
  public readonly association: CfnFirewallRuleGroupAssociation;

  constructor(scope: Construct, id: string, { prefix, vpc }: DnsFirewallProps) {
    super(scope, id);
    this.allowed = new CfnFirewallDomainList(this, 'Allowed', {
      name: `${prefix}rds`,
      // The second form is that of the China Regions, where the Region follows the service.
      domains: [`*.rds.${Aws.URL_SUFFIX}`, `*.rds.${Aws.REGION}.${Aws.URL_SUFFIX}`],
    });
    this.blocked = new CfnFirewallDomainList(this, 'Blocked', { name: `${prefix}all`, domains: ['*'] });
    this.ruleGroup = new CfnFirewallRuleGroup(this, 'Rules', {
      name: `${prefix}drill`,
      firewallRules: [
        {
          priority: 100,
          action: 'ALLOW',
          firewallDomainListId: this.allowed.attrId,
          // An instance's name may be an alias of another one, which need not be listed.
          firewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN',
        },
        { priority: 200, action: 'BLOCK', blockResponse: 'NODATA', firewallDomainListId: this.blocked.attrId },
      ],
    });
    this.association = new CfnFirewallRuleGroupAssociation(this, 'Association', {
      name: `${prefix}drill`,
      firewallRuleGroupId: this.ruleGroup.attrId,
      vpcId: vpc.attrVpcId,
      priority: 101,
    });
  }
}
