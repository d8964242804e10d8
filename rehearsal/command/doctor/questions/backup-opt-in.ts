import { DescribeRegionSettingsCommand } from '@aws-sdk/client-backup';
import { ask } from '../aws';
import type { Look } from '../look';
import { confirmed, each, refuted, type Question } from '../question';

export const backupOptIn: Question = {
  id: 'backup-opt-in',
  asks: 'AWS Backup is opted in for what is protected, here and where copies go',
  ask: async (look) => {
    const databases = await typesOf(look);
    const buckets = (await look.backsUp('buckets')) ? ['S3'] : [];
    if (databases.length + buckets.length === 0) return [];
    const elsewhere = (await look.backups()).flatMap(({ region, otherAccount }) =>
      region && !otherAccount ? [region] : [],
    );
    const copiesTo = databases.length > 0 ? [...elsewhere, ...(look.planned?.copiesTo ?? [])] : [];
    const regions = [...new Set([look.aws.region, ...copiesTo])];
    return each(
      regions,
      (region) => region,
      async (region) => {
        const { ResourceTypeOptInPreference: preference = {} } = await ask('backup:DescribeRegionSettings', () =>
          look.aws.in(region).backup.send(new DescribeRegionSettingsCommand({})),
        );
        // Buckets are not copied.
        const types = region === look.aws.region ? [...databases, ...buckets] : databases;
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

/** Of databases as AWS Backup names them: a Multi-AZ DB cluster is of RDS. */
async function typesOf(look: Look): Promise<string[]> {
  if (!(await look.backsUp('databases'))) return [];
  const engines = [
    ...(await look.instances()).map(({ Engine }) => Engine),
    ...(await look.clusters()).map(({ Engine }) => Engine),
    ...(look.planned?.subjects ?? []).map(({ engine }) => engine),
  ];
  return [...new Set(engines.map((engine) => (engine?.startsWith('aurora') ? 'Aurora' : 'RDS')))].sort();
}
