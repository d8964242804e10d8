import { paginateListRecoveryPointsByBackupVault } from '@aws-sdk/client-backup';
import type { Look } from '../look';
import { all, ask } from '../aws';
import { confirmed, each, refuted, unknown, type Question } from '../question';

export const copiesFound: Question = {
  id: 'copies-found',
  asks: 'A copy in another Region bears the ARN of its instance at home, by which it is found',
  ask: async (look) => {
    const kept = await look.elsewhere('copy');
    const vaults = new Map(kept.map((one) => [`${one.source.vaultArn} ${one.instance.DBInstanceArn}`, one]));
    return each(
      [...vaults.values()],
      ({ instance, region }) => `${instance.DBInstanceIdentifier} in ${region}`,
      async ({ instance, source, region }) => {
        const about = `${instance.DBInstanceIdentifier} in ${region}`;
        const vault = source.vaultArn?.split(':').at(-1) ?? '';
        const own = await pointsIn(look, region, vault, instance.DBInstanceArn);
        if (own.length > 0) return confirmed(`There are ${own.length}.`, about);
        const others = await pointsIn(look, region, vault);
        if (others.length === 0) return unknown('There are none yet.', about, 'Ask again after the first copy.');
        return refuted(`None is; others there bear ${others[0].ResourceArn}.`, {
          about,
          means: 'Neither the monitor nor a drill finds the copies of this instance.',
          nextStep: 'See whether its copy jobs end; if they do, report the ARN.',
        });
      },
    );
  },
};

function pointsIn(look: Look, region: string, BackupVaultName: string, ByResourceArn?: string) {
  const { backup: client } = look.aws.in(region);
  const input = { BackupVaultName, ...(ByResourceArn !== undefined && { ByResourceArn }) };
  return ask('backup:ListRecoveryPointsByBackupVault', () =>
    all(paginateListRecoveryPointsByBackupVault({ client }, input), (page) => page.RecoveryPoints),
  );
}
