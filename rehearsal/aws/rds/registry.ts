import {
  DBSubnetGroupNotFoundFault$,
  DBParameterGroupNotFoundFault$,
  OptionGroupNotFoundFault$,
} from '@aws-sdk/client-rds';
import { AwsError, modelled } from '../protocol/types';

export interface SubnetGroup {
  readonly name: string;
  readonly vpcId: string;
  readonly subnets: readonly { readonly id: string; readonly zone: string }[];
}

/** What exists around the databases of an account: made by the template, or there by default. */
export interface RdsRegistry {
  readonly subnetGroups: readonly SubnetGroup[];
  readonly securityGroups: readonly { readonly id: string; readonly vpcId: string }[];
  /** Beside `default.postgresNN`, which always exists. */
  readonly parameterGroups?: readonly { readonly name: string; readonly family: string }[];
  /** Beside `default:postgres-NN`, which always exists. */
  readonly optionGroups?: readonly { readonly name: string; readonly majorVersion: string }[];
}

/** What a restore asks for; absent: the default of the account. */
export interface Placement {
  readonly subnetGroup?: string;
  readonly securityGroups?: readonly string[];
  readonly parameterGroup?: string;
  readonly optionGroup?: string;
  readonly zone?: string;
}

export interface Placed {
  readonly subnetGroup: SubnetGroup;
  readonly securityGroups: readonly string[];
  readonly parameterGroup: string;
  readonly optionGroup: string;
}

export function defaultParameterGroup(engineVersion: string): string {
  return `default.postgres${major(engineVersion)}`;
}

export function defaultOptionGroup(engineVersion: string): string {
  return `default:postgres-${major(engineVersion)}`;
}

function major(engineVersion: string): string {
  return engineVersion.split('.')[0];
}

/** Finds everything that a new instance refers to, or refuses as RDS does. */
export function place(registry: RdsRegistry, asked: Placement, engineVersion: string): Placed {
  const subnetGroup = findSubnetGroup(registry, asked.subnetGroup ?? 'default');
  if (asked.zone && !subnetGroup.subnets.some((subnet) => subnet.zone === asked.zone)) {
    const message = `Cannot create a DB instance in ${asked.zone}: subnet group ${subnetGroup.name} has no subnet there.`;
    throw new AwsError('InvalidVPCNetworkStateFault', 400, message);
  }
  return {
    subnetGroup,
    securityGroups: securityGroups(registry, asked.securityGroups, subnetGroup),
    parameterGroup: findParameterGroup(registry, asked.parameterGroup, engineVersion),
    optionGroup: findOptionGroup(registry, asked.optionGroup, engineVersion),
  };
}

function findSubnetGroup(registry: RdsRegistry, name: string): SubnetGroup {
  const found = registry.subnetGroups.find((group) => group.name === name.toLowerCase());
  if (!found) {
    throw modelled(DBSubnetGroupNotFoundFault$, `DB subnet group '${name}' does not exist.`);
  }
  return found;
}

function securityGroups(
  registry: RdsRegistry,
  asked: readonly string[] | undefined,
  group: SubnetGroup,
): readonly string[] {
  // Without any, RDS takes the VPC's own default group.
  if (!asked || asked.length === 0) {
    return [`default-of-${group.vpcId}`];
  }
  for (const id of asked) {
    const found = registry.securityGroups.find((one) => one.id === id);
    if (!found) {
      throw new AwsError('InvalidParameterValue', 400, `Invalid security group , groupId= ${id}, groupName=.`);
    }
    if (found.vpcId !== group.vpcId) {
      const where = `The DB instance is in ${group.vpcId} and the EC2 security group is in ${found.vpcId}`;
      const message = `The DB instance and EC2 security group are in different VPCs. ${where}`;
      throw new AwsError('InvalidParameterCombination', 400, message);
    }
  }
  return asked;
}

function findParameterGroup(registry: RdsRegistry, asked: string | undefined, engineVersion: string): string {
  const family = `postgres${major(engineVersion)}`;
  const name = (asked ?? `default.${family}`).toLowerCase();
  const foundFamily = /^default\.(postgres\d+)$/.exec(name)?.[1] ?? familyOf(registry, name);
  if (!foundFamily) {
    throw modelled(DBParameterGroupNotFoundFault$, `DBParameterGroup not found: ${name}`);
  }
  if (foundFamily !== family) {
    const message = `The parameter group ${name} with DBParameterGroupFamily ${foundFamily} can't be used for this instance. Use a parameter group with DBParameterGroupFamily ${family}.`;
    throw new AwsError('InvalidParameterCombination', 400, message);
  }
  return name;
}

function familyOf(registry: RdsRegistry, name: string): string | undefined {
  return registry.parameterGroups?.find((group) => group.name.toLowerCase() === name)?.family;
}

function findOptionGroup(registry: RdsRegistry, asked: string | undefined, engineVersion: string): string {
  const name = (asked ?? defaultOptionGroup(engineVersion)).toLowerCase();
  const own = registry.optionGroups?.find((group) => group.name.toLowerCase() === name)?.majorVersion;
  const found = /^default:postgres-(\d+)$/.exec(name)?.[1] ?? own;
  if (!found) {
    throw modelled(OptionGroupNotFoundFault$, `Specified OptionGroupName: ${name} not found.`);
  }
  if (found !== major(engineVersion)) {
    const message = `Option group ${name} is for version ${found}, the DB instance is ${engineVersion}.`;
    throw new AwsError('InvalidParameterCombination', 400, message);
  }
  return name;
}
