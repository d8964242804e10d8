import { DescribeDBSubnetGroupsCommand } from '@aws-sdk/client-rds';
import { ask } from '../aws';
import { confirmed, each, refuted, type Question } from '../question';

export const drillSubnets: Question = {
  id: 'drill-subnets',
  asks: 'The subnet group of drills is complete and covers two zones at least',
  ask: async (look) =>
    each(
      look.sites.map(({ prefix }) => `${prefix}drill`),
      (name) => name,
      async (name) => {
        const { DBSubnetGroups } = await ask('rds:DescribeDBSubnetGroups', () =>
          look.aws.rds.send(new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: name })),
        );
        const [{ SubnetGroupStatus: status, Subnets = [] } = {}] = DBSubnetGroups ?? [];
        const usable = Subnets.filter(({ SubnetStatus }) => SubnetStatus === 'Active');
        const zones = [
          ...new Set(usable.map(({ SubnetAvailabilityZone }) => SubnetAvailabilityZone?.Name ?? '')),
        ].sort();
        const found = `It is ${status}, with ${zones.join(', ') || 'no zone'}.`;
        if (status === 'Complete' && zones.length >= 2) return confirmed(found, name);
        return refuted(found, {
          about: name,
          means: 'A drill finds no place to restore to.',
          nextStep: 'Deploy the site again; it says which zones with `zones`.',
        });
      },
    ),
};
