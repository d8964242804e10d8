import * as sdk from '@aws-sdk/client-rds';
import { modelled } from '../protocol/types';
import { operation, type Operation } from '../service';
import type { RdsAccount } from './account';
import { defaultOptionGroup, defaultParameterGroup } from './registry';
import { describeSubnetGroup } from './shapes';

/** Groups by their name. The defaults of a major exist once there has been an instance of it. */
export function groupOperations(account: RdsAccount): Operation[] {
  return [
    operation<sdk.DescribeDBSubnetGroupsMessage, sdk.DBSubnetGroupMessage>(
      sdk.DescribeDBSubnetGroups$,
      ['DBSubnetGroupName'],
      ({ DBSubnetGroupName: name = '*' }) => [
        { action: 'rds:DescribeDBSubnetGroups', resource: account.arn('subgrp', name) },
      ],
      ({ DBSubnetGroupName: name }) => {
        const { subnetGroups } = account.options.registry;
        const found = subnetGroups.filter((group) => name === undefined || group.name === name.toLowerCase());
        if (found.length === 0 && name !== undefined) {
          throw modelled(sdk.DBSubnetGroupNotFoundFault$, `DB subnet group '${name}' does not exist.`);
        }
        return { DBSubnetGroups: found.map((group) => describeSubnetGroup(account, group)) };
      },
    ),
    operation<sdk.DescribeDBParameterGroupsMessage, sdk.DBParameterGroupsMessage>(
      sdk.DescribeDBParameterGroups$,
      ['DBParameterGroupName'],
      ({ DBParameterGroupName: name = '*' }) => [
        { action: 'rds:DescribeDBParameterGroups', resource: account.arn('pg', name) },
      ],
      ({ DBParameterGroupName: name }) => {
        const own = (account.options.registry.parameterGroups ?? []).map((group) => group.name);
        const found = named([...own, ...defaults(account, defaultParameterGroup)], name);
        if (!found) throw modelled(sdk.DBParameterGroupNotFoundFault$, `DBParameterGroup not found: ${name}`);
        return { DBParameterGroups: found.map((one) => ({ DBParameterGroupName: one })) };
      },
    ),
    operation<sdk.DescribeOptionGroupsMessage, sdk.OptionGroups>(
      sdk.DescribeOptionGroups$,
      ['OptionGroupName'],
      ({ OptionGroupName: name = '*' }) => [{ action: 'rds:DescribeOptionGroups', resource: account.arn('og', name) }],
      ({ OptionGroupName: name }) => {
        const own = (account.options.registry.optionGroups ?? []).map((group) => group.name);
        const found = named([...own, ...defaults(account, defaultOptionGroup)], name);
        if (!found) throw modelled(sdk.OptionGroupNotFoundFault$, `Specified OptionGroupName: ${name} not found.`);
        return { OptionGroupsList: found.map((one) => ({ OptionGroupName: one })) };
      },
    ),
  ];
}

function defaults(account: RdsAccount, named: (engineVersion: string) => string): string[] {
  return [...new Set([...account.instances.values()].map(({ engineVersion }) => named(engineVersion)))];
}

function named(all: readonly string[], name: string | undefined): readonly string[] | undefined {
  const found = all.filter((one) => name === undefined || one.toLowerCase() === name.toLowerCase());
  return found.length === 0 && name !== undefined ? undefined : found;
}
