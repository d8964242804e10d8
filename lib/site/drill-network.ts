import { Fn, RemovalPolicy, Token } from 'aws-cdk-lib';
import {
  CfnFlowLog,
  CfnRouteTable,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  type IVpc,
  Port,
  SecurityGroup,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnDBSubnetGroup } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { show, ValidationError } from '../private/validation';
import { DnsFirewall } from './dns-firewall';

/** Where a drill's copies live. */
export interface DrillNetworkProps {
  /** Names begin with this. */
  readonly prefix: string;
  /**
   * Availability zones, two to six.
   * @default - the first three of the Region, as CloudFormation lists them
   */
  readonly zones?: string[];
}

/** Nothing routes to or from this network, so it may overlap with any other. */
const ADDRESSES = '10.0.0.0/16';

/** The port that every copy is restored with, whatever the source's. */
const POSTGRES = 5432;

/**
 * The network that copies are restored into: no gateway, no NAT, no endpoint, no route. The copy is reached by the verifier
 * alone and reaches nothing; names resolve for RDS only.
 */
export class DrillNetwork extends Construct {
  /** The network. */
  public readonly vpc: CfnVPC;
  /** The network, as constructs take it. */
  public readonly network: IVpc;
  /** Routes inside the network alone, whatever becomes of the network's main route table. */
  public readonly routeTable: CfnRouteTable;
  /** One isolated subnet in each zone. */
  public readonly subnets: CfnSubnet[];
  /** The subnet group that copies are restored into. */
  public readonly subnetGroup: CfnDBSubnetGroup;
  /** Of the copies: lets the verifier in, lets nothing out. */
  public readonly databaseSecurityGroup: SecurityGroup;
  /** Of the query function: lets it reach copies, lets nothing in. */
  public readonly verifierSecurityGroup: SecurityGroup;
  /** Limits name resolution. */
  public readonly firewall: DnsFirewall;
  /** What was accepted and rejected. */
  public readonly flowLog: CfnFlowLog;
  /** Where the flow log is written. */
  public readonly flowLogGroup: LogGroup;

  constructor(scope: Construct, id: string, props: DrillNetworkProps) {
    super(scope, id);
    const { prefix } = props;
    this.vpc = new CfnVPC(this, 'Vpc', {
      cidrBlock: ADDRESSES,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: [{ key: 'Name', value: `${prefix}drill` }],
    });
    this.routeTable = new CfnRouteTable(this, 'Routes', { vpcId: this.vpc.attrVpcId });
    const zones = zonesOf(props.zones);
    this.subnets = zones.map((availabilityZone, index) => this.subnet(prefix, availabilityZone, index));
    this.subnetGroup = new CfnDBSubnetGroup(this, 'SubnetGroup', {
      dbSubnetGroupName: `${prefix}drill`,
      dbSubnetGroupDescription: 'Isolated subnets for restore drills',
      subnetIds: this.subnets.map((subnet) => subnet.attrSubnetId),
    });
    this.network = Vpc.fromVpcAttributes(this, 'Network', {
      vpcId: this.vpc.attrVpcId,
      availabilityZones: zones,
      isolatedSubnetIds: this.subnets.map((subnet) => subnet.attrSubnetId),
      isolatedSubnetRouteTableIds: this.subnets.map(() => this.routeTable.attrRouteTableId),
    });
    this.databaseSecurityGroup = this.securityGroup('Database', 'Copies of restore drills');
    this.verifierSecurityGroup = this.securityGroup('Verifier', 'Query function of restore drills');
    this.databaseSecurityGroup.connections.allowFrom(
      this.verifierSecurityGroup,
      Port.tcp(POSTGRES),
      'verifier to copies',
    );
    this.firewall = new DnsFirewall(this, 'Dns', { prefix, vpc: this.vpc });
    this.flowLogGroup = new LogGroup(this, 'FlowLogGroup', {
      logGroupName: `/aws/vendedlogs/vpc/${prefix}drill`,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.flowLog = this.recordFlows();
  }

  private subnet(prefix: string, availabilityZone: string, index: number): CfnSubnet {
    const subnet = new CfnSubnet(this, `Subnet${index + 1}`, {
      vpcId: this.vpc.attrVpcId,
      availabilityZone,
      cidrBlock: `10.0.${index}.0/24`,
      mapPublicIpOnLaunch: false,
      tags: [{ key: 'Name', value: `${prefix}drill-${index + 1}` }],
    });
    new CfnSubnetRouteTableAssociation(this, `Routes${index + 1}`, {
      subnetId: subnet.attrSubnetId,
      routeTableId: this.routeTable.attrRouteTableId,
    });
    return subnet;
  }

  private securityGroup(id: string, description: string): SecurityGroup {
    return new SecurityGroup(this, id, { vpc: this.network, description, allowAllOutbound: false });
  }

  private recordFlows(): CfnFlowLog {
    const role = new Role(this, 'FlowLogRole', {
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com'),
      description: 'Writes the flow log of the drill network',
    });
    this.flowLogGroup.grantWrite(role);
    return new CfnFlowLog(this, 'FlowLog', {
      resourceId: this.vpc.attrVpcId,
      resourceType: 'VPC',
      trafficType: 'ALL',
      deliverLogsPermissionArn: role.roleArn,
      logGroupName: this.flowLogGroup.logGroupName,
    });
  }
}

/** A subnet group covers two zones at least; more zones mean fewer restores that find no capacity. */
function zonesOf(given?: string[]): string[] {
  if (given === undefined) return [0, 1, 2].map((index) => Fn.select(index, Fn.getAzs()));
  const named = given.filter((zone) => !Token.isUnresolved(zone));
  if (given.length < 2 || given.length > 6 || new Set(named).size !== named.length) {
    throw new ValidationError(`zones of a recovery site must be two to six different zones, got: ${show(given)}`);
  }
  return given;
}
