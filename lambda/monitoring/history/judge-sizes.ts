import { observed, type Observed } from './observed';
import { dayOf, daysBetween } from './days';
import { sudden, type Figure, type Sensitivity, type Sudden } from './sudden';
import type { Usual } from './usual';
import { bytesInWords } from './words';

const GIB = 1024 ** 3;

/** Two weeks of figures, and no less than a GiB: a small database is all log and temporary files. */
const BYTES: Sensitivity = { figures: 10, span: 14, least: GIB, level: 14, season: 7 };
/** Drills are fewer, and their rows are counted. */
const ROWS: Sensitivity = { figures: 5, span: 5, least: 1_000, level: 5 };

/** Whether the last day's size is not what the resource's own history leads to expect. */
export function judgeSizes({ name, sizes }: Usual, day: string): Observed[] {
  const last = sizes.at(-1);
  if (last?.day !== day) return [];
  const figures = sizes.map(({ day: at, bytes }) => ({ at: daysBetween(sizes[0].day, at), value: bytes }));
  return told(name, day, sudden(figures, BYTES), {
    id: 'size',
    what: 'used bytes',
    inWords: bytesInWords,
    nextStep: `Find out what changed at ${name} on ${day}; if data was lost, restore to before it while point in time still reaches there.`,
  });
}

/** Whether what AWS bills for backups of a cluster has suddenly grown. */
export function judgeBackupStorage({ name, sizes }: Usual, day: string): Observed[] {
  const known = sizes.filter(({ backupBytes }) => backupBytes !== undefined);
  if (known.at(-1)?.day !== day) return [];
  const figures = known.map(({ day: at, backupBytes = 0 }) => ({
    at: daysBetween(known[0].day, at),
    value: backupBytes,
  }));
  const jump = sudden(figures, BYTES);
  if (jump?.direction !== 'grew') return [];
  const [from, to] = [jump.from, jump.to].map(bytesInWords);
  return [
    observed(name, 'backup-storage-grew', 'digest', false, day, {
      title: `${name}: billed backup storage grew to ${to}`,
      what: `What AWS bills for backups of ${name} grew from ${from} to ${to} in a day, more than it usually does.`,
      means: 'Recovery is not at risk; the bill is.',
      nextStep: 'Look for manual snapshots that nobody needs, and for a day of unusually many writes.',
    }),
  ];
}

/** Whether the last passed drill counted other rows than those before lead to expect. */
export function judgeRows({ name, drills }: Usual, day: string): Observed[] {
  const counted = drills.filter(({ verdict, rows }) => verdict === 'PASSED' && rows !== undefined);
  const last = counted.at(-1);
  if (!last || dayOf(last.endedAt) !== day) return [];
  const figures = counted.map(({ rows = 0 }, at): Figure => ({ at, value: rows }));
  return told(name, day, sudden(figures, ROWS), {
    id: 'rows',
    what: 'rows counted by drills',
    inWords: (rows) => rows.toLocaleString('en-US'),
    nextStep: `Compare the tables in the evidence ${last.evidence ?? 'of the last drill'} with those of the drill before.`,
  });
}

interface Words {
  readonly id: string;
  readonly what: string;
  readonly inWords: (value: number) => string;
  readonly nextStep: string;
}

/** Less than before may be lost data, which is work; more than before is for reading. */
function told(name: string, day: string, jump: Sudden | null, words: Words): Observed[] {
  if (!jump) return [];
  const { direction, halved } = jump;
  const [from, to] = [jump.from, jump.to].map(words.inWords);
  const fell = direction === 'shrunk';
  const how = halved ? 'to half of the usual or less' : 'more than they usually change';
  return [
    observed(name, `${words.id}-${direction}`, fell ? 'ticket' : 'digest', false, day, {
      title: `${name}: ${words.what} ${fell ? 'fell' : 'rose'} to ${to}`,
      what: `The ${words.what} of ${name} ${fell ? 'fell' : 'rose'} from ${from} to ${to}, ${how}.`,
      means: fell
        ? 'Data may be gone at the source; backups taken from now on lack it too.'
        : 'Backups and restores take longer with every byte; check that the objectives still hold.',
      nextStep: fell ? words.nextStep : `Find out what grew at ${name} on ${day}.`,
    }),
  ];
}
