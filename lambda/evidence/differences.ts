import type { ProductionFacts, SourceFacts } from '../../lib/private/contract/drill';
import { type CopiedFrom, copiedFrom } from './copied';
import { differencesOfFiles } from './restored-files';
import { oneLine } from './text';

/** Every difference between what the drill restored and a real recovery, and what it means for the figures. */
export function differencesOf(source: SourceFacts | undefined): string[] {
  if (!source) return [];
  if (source.files) return differencesOfFiles(source, source.files);
  const { production, recoveryPoint } = source;
  const copied = copiedFrom(source.arn, recoveryPoint?.resourceArn);
  const major = oneLine(source.engineVersion.split('.')[0] ?? '', 20);
  return [
    ...(production ? fromProduction(source, production) : [notCompared(copied)]),
    ...(copied ? [elsewhere(copied)] : []),
    `The copy used the default parameter group (default.postgres${major}) and option group: switches, extensions and background workers set in production's own groups were not loaded.`,
    `Storage type and IOPS of the copy were left to RDS; ${production ? `production has ${said(production.storageType)}` : 'what production has is not known'}.`,
    'The storage of a restored instance is loaded as it is read: the checks read it once, an application may find the first hours slow.',
    'The copy stood in the isolated drill network and only the checks could reach it: no application was connected, and the RTO holds no cut-over (names, secrets, connection strings).',
    recoveryPoint
      ? 'The copy kept the backup retention that its recovery point was taken with, and had no deletion protection: backups that it took of itself were removed with it.'
      : 'The copy kept no backups of its own (retention 0) and had no deletion protection: a real recovery turns both on.',
    ...(recoveryPoint ? [BY_AWS_BACKUP] : []),
    'The master password was replaced and IAM authentication was off.',
  ];
}

/** A drill of copies asks nothing of the Region that may be lost: whether production was there, it does not know. */
function notCompared(copied: CopiedFrom | undefined): string {
  const why = copied
    ? `Production is in ${copied.place} and was not asked`
    : 'Production was not there to compare with';
  return `${why}: the recovery point alone says what the copy was to be, and nothing is known of class, version or zones that changed since, nor whether production's settings fall short of what recovery needs.`;
}

function elsewhere({ place, to }: CopiedFrom): string {
  return `The copy was restored in ${to} from what AWS Backup had copied there, with nothing of ${place}: a real recovery there also needs applications, secrets and names, which are of no drill of a database.`;
}

const BY_AWS_BACKUP =
  'AWS Backup restored the copy under a role that can only make copies of drills: a real recovery uses another role, and may be refused where this one was not.';

function fromProduction(source: SourceFacts, production: ProductionFacts): string[] {
  return [
    ...(source.instanceClass === production.instanceClass
      ? []
      : [
          `The copy ran on ${said(source.instanceClass)}, production runs on ${said(production.instanceClass)}: recovery time on production's class may differ.`,
        ]),
    ...(source.engineVersion === production.engineVersion
      ? []
      : [`The copy ran PostgreSQL ${said(source.engineVersion)}, production runs ${said(production.engineVersion)}.`]),
    ...(production.multiAz
      ? [
          'Production is Multi-AZ, the copy stood in a single zone: a real recovery takes longer until its standby is ready.',
        ]
      : []),
  ];
}

function said(value: string): string {
  return oneLine(value, 60) || 'what it did not say';
}
