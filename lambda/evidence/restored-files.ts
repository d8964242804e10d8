import type { DrillState, FilesFacts, SourceFacts } from '../../lib/private/contract/drill';
import type { Profile } from '../../lib/private/contract/verification';
import { secondsBetween } from '../shared/clock';
import type { Facts } from './facts';
import { filesLost } from './files';
import type { RpoMeasurement } from './rpo';
import { counted, moment, oneLine } from './text';

/** Id of the standard check of a drill of files: each was restored, and could be read where it was restored to. */
export const FILES_RESTORED = 'files-restored';

/**
 * Data loss of files. The bucket keeps the versions themselves; of a replica, the check that compares it with the bucket knows the
 * newest moment of which everything was there.
 */
export function lossOfFiles({
  state: { source, drill },
  results,
}: Facts): Omit<RpoMeasurement, 'freshness' | 'invalid'> {
  if (source?.kind === 'versions' || source?.kind === 'recovery-point') {
    const why =
      source.kind === 'versions'
        ? 'the versions themselves were restored'
        : `AWS Backup keeps the bucket ${source.recoveryPoint?.continuous ? 'as it was at any moment, and lags behind it' : 'as it was when the recovery point was made'}`;
    return {
      method: 'restore-point',
      achievedSeconds: Math.max(0, secondsBetween(source.restorePoint, drill.disasterAt)),
      how: `from the moment that was restored to, ${moment(source.restorePoint)}: ${why}`,
    };
  }
  const measured = (results?.files ?? []).flatMap((one) => {
    const lost = filesLost(one, drill.disasterAt);
    return lost === null ? [] : [{ lost, until: one.completeUntil ?? '', check: one.check }];
  });
  const [worst] = measured.sort((a, b) => b.lost - a.lost);
  if (!worst) {
    return { method: 'not-measured', achievedSeconds: null, how: 'no check compared the replica with its bucket' };
  }
  return {
    method: 'data',
    achievedSeconds: worst.lost,
    how: `from the files: ${oneLine(worst.check, 200)} found all of them until ${moment(worst.until)}`,
  };
}

/** What the next drill compares with: how many files there were, by source and prefix, as if each were a table. */
export function profileOfFiles(
  { drill, restore }: DrillState,
  source: SourceFacts,
  last: Profile | undefined,
): Profile {
  const rows = restore?.files?.objects ?? 0;
  const own = subject(source);
  // Sources take turns: what the others restored last is kept beside.
  const others = (last?.tables ?? []).filter(({ schema, name }) => schema !== own.schema || name !== own.name);
  const nothing = { engineVersion: '', settings: {}, migrations: [], newest: {} };
  return { capturedAt: drill.startedAt, ...nothing, tables: [...others, { ...own, rows }] };
}

/** How many files that drill restored, if it restored the same ones from the same place. */
export function restoredBefore({ tables }: Profile, source: SourceFacts): number | undefined {
  const { database, schema, name } = subject(source);
  return tables.find((one) => one.database === database && one.schema === schema && one.name === name)?.rows;
}

function subject({ kind, files }: SourceFacts) {
  return { database: files?.bucket ?? '', schema: kind, name: files?.prefix ?? '' };
}

/** How much was restored. */
export function restoredFiles({ restore }: DrillState): string {
  const { objects = 0, bytes = 0 } = restore?.files ?? {};
  return `${counted(objects, 'file')}, ${size(bytes)}`;
}

export function differencesOfFiles(
  { kind }: SourceFacts,
  { prefix, restoredTo }: Pick<FilesFacts, 'prefix' | 'restoredTo'>,
): string[] {
  return [
    ...(prefix === ''
      ? []
      : [`Only what begins with ${oneLine(prefix, 200)} was restored: everything takes longer, and was not restored.`]),
    ...(restoredTo === undefined
      ? TO_SCRATCH
      : [`Files were restored to ${oneLine(restoredTo, 80)}; ${WHERE_APPLICATIONS}`]),
    FROM[kind as keyof typeof FROM],
  ];
}

const WHERE_APPLICATIONS = 'a real recovery restores them to where applications look for them.';

const TO_SCRATCH = [
  `Files were restored to the scratch bucket of the site, each under the id of the drill; ${WHERE_APPLICATIONS}`,
  'Tags of files were not restored; content and metadata were.',
];

const FROM: Readonly<Record<'replica' | 'versions' | 'recovery-point', string>> = {
  replica:
    'The replica was read by its own key and no other; applications were not pointed at it, and the RTO holds no cut-over (names, rights, links).',
  versions:
    'The versions were read in the bucket itself: that undoes deletions and overwrites as far back as versions are kept, and is no help where bucket or Region are lost.',
  'recovery-point':
    'AWS Backup restored the newest version of each file, without ACLs, under a role that can write to buckets of drills alone: a real recovery uses another role, and may be refused where this one was not. The recovery point is in the Region of the bucket, and no help where that is lost.',
};

export const MANUAL_OF_FILES = [
  'Whether applications can work with the restored files: none was connected.',
  'Whether rows of a database point to these files: declare Check.filesExist on a drill of that database.',
];

/** `1.2 GB`, in powers of ten, as S3 shows it. */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return power === 0 ? counted(bytes, 'byte') : `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}
