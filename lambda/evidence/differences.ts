import type { SourceFacts } from '../../lib/private/contract/drill';
import { oneLine } from './text';

/** Every difference between what the drill restored and a real recovery, and what it means for the figures. */
export function differencesOf(source: SourceFacts | undefined): string[] {
  if (!source) return [];
  const { production } = source;
  const major = oneLine(source.engineVersion.split('.')[0] ?? '', 20);
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
    `The copy used the default parameter group (default.postgres${major}) and option group: switches, extensions and background workers set in production's own groups were not loaded.`,
    `Storage type and IOPS of the copy were left to RDS; production has ${said(production.storageType)}.`,
    'The storage of a restored instance is loaded as it is read: the checks read it once, an application may find the first hours slow.',
    'The copy stood in the isolated drill network and only the checks could reach it: no application was connected, and the RTO holds no cut-over (names, secrets, connection strings).',
    'The copy kept no backups of its own (retention 0) and had no deletion protection: a real recovery turns both on.',
    'The master password was replaced and IAM authentication was off.',
  ];
}

function said(value: string): string {
  return oneLine(value, 60) || 'what it did not say';
}
