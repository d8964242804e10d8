import { DescribeAccountAttributesCommand } from '@aws-sdk/client-rds';
import { ask } from '../aws';
import { confirmed, refuted, unknown, type Question } from '../question';

/** Share of a quota that drills leave free for a real recovery, as the drill's own guard has it. */
const RESERVE = 0.1;

export const quotas: Question = {
  id: 'quotas',
  asks: 'The quotas of RDS leave room for the largest drill, and a tenth for a real recovery',
  ask: async (look) => {
    const answer = await ask('rds:DescribeAccountAttributes', () =>
      look.aws.rds.send(new DescribeAccountAttributesCommand({})),
    );
    const sizes = (await look.instances()).map(({ AllocatedStorage = 0 }) => AllocatedStorage);
    const largest = Math.max(0, ...sizes);
    const needed: Readonly<Record<string, number>> = { DBInstances: 1, AllocatedStorage: largest, ManualSnapshots: 1 };
    const known = (answer.AccountQuotas ?? []).filter(({ AccountQuotaName: name = '' }) => name in needed);
    if (known.length === 0) return [unknown('RDS names none of the quotas that a drill needs.')];
    return known.map(({ AccountQuotaName: name = '', Used: used = 0, Max: max = 0 }) => {
      const figures = `${used} of ${max} used, a drill takes ${needed[name]}.`;
      if (used + needed[name] <= max * (1 - RESERVE)) return confirmed(figures, name);
      return refuted(figures, {
        about: name,
        means: 'Drills are INCONCLUSIVE, and a real recovery may find no room.',
        nextStep: `Ask for more in Service Quotas (Amazon RDS, ${name}), or remove what is not needed.`,
      });
    });
  },
};
