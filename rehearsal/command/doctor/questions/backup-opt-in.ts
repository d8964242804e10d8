import { DescribeRegionSettingsCommand } from '@aws-sdk/client-backup';
import { ask } from '../aws';
import type { Look } from '../look';
import { confirmed, each, refuted, type Question } from '../question';

export const backupOptIn: Question = {
  id: 'backup-opt-in',
  asks: 'AWS Backup is opted in for what is protected, here and where copies go',
  ask: async (look) => {
    const sources = await look.backups();
    if (sources.length === 0 && !look.planned?.usesBackup) return [];
    const types = await typesOf(look);
    if (types.length === 0) return [];
    const elsewhere = sources.flatMap(({ region, otherAccount }) => (region && !otherAccount ? [region] : []));
    const regions = [...new Set([look.aws.region, ...elsewhere, ...(look.planned?.copiesTo ?? [])])];
    return each(
      regions,
      (region) => region,
      async (region) => {
        const { ResourceTypeOptInPreference: preference = {} } = await ask('backup:DescribeRegionSettings', () =>
          look.aws.in(region).backup.send(new DescribeRegionSettingsCommand({})),
        );
        const off = types.filter((type) => preference[type] !== true);
        if (off.length === 0) return confirmed(`It is, for ${types.join(' and ')}.`, region);
        return refuted(`It is not, for ${off.join(' and ')}.`, {
          about: region,
          means: 'AWS Backup may skip them; it documents that what a plan names by ARN is backed up all the same.',
          nextStep: `\`aws backup update-region-settings --region ${region} --resource-type-opt-in-preference ${off.map((type) => `${type}=true`).join(',')}\``,
        });
      },
    );
  },
};

/** As AWS Backup names them: a Multi-AZ DB cluster is of RDS. */
async function typesOf(look: Look): Promise<string[]> {
  const engines = [
    ...(await look.instances()).map(({ Engine }) => Engine),
    ...(await look.clusters()).map(({ Engine }) => Engine),
    ...(look.planned?.subjects ?? []).map(({ engine }) => engine),
  ];
  const databases = new Set(engines.map((engine) => (engine?.startsWith('aurora') ? 'Aurora' : 'RDS')));
  return [...[...databases].sort(), ...((await look.backsUpBuckets()) ? ['S3'] : [])];
}
