import { median, medianAbsoluteDeviation } from 'simple-statistics';

/** A figure of a resource's own history, oldest first. */
export interface Figure {
  /** Days, or the number of the drill: changes count for each step of one. */
  readonly at: number;
  readonly value: number;
}

/** What counts as sudden. */
export interface Sensitivity {
  /** Figures that must be there before anything is judged, and steps that they must span. */
  readonly figures: number;
  readonly span: number;
  /** Less than this difference is nothing, whatever its share. */
  readonly least: number;
  /** Figures that say what the level is. */
  readonly level: number;
  /** Steps after which what is usual comes again: 7 days. Absent: nothing does. */
  readonly season?: number;
}

export interface Sudden {
  readonly direction: 'shrunk' | 'grew';
  readonly from: number;
  readonly to: number;
  /** To half of the usual level, or less. */
  readonly halved: boolean;
}

/** How many times the usual spread of changes a change must be off. A normal distribution gets there twice in a billion. */
const TIMES = 6;
/** No spread counts as smaller than this share: what never changes would make every change sudden. */
const SMALLEST_SPREAD = 0.005;
/** A tenth off the level is what anybody would look at. */
const SHARE = Math.log(1.1);
/** A change over a longer gap says nothing of what happens from one step to the next. */
const LONGEST_GAP = 3;
/** The median absolute deviation of a normal distribution times this is its standard deviation. */
const TO_DEVIATION = 1.4826;

/**
 * Whether the last figure is a sudden change. Judged by the resource's own usual change: the median and the median absolute
 * deviation of its changes, which a few odd days do not move. So steady growth is usual, and a purge every Sunday is usual on
 * Sundays; what only leads back to the usual level is not told. A fall to half of the level is told whatever is usual.
 */
export function sudden(figures: readonly Figure[], sensitivity: Sensitivity): Sudden | null {
  const last = figures.at(-1);
  const before = figures.slice(0, -1);
  const previous = before.at(-1);
  if (!last || !previous || before.length < sensitivity.figures) return null;
  if (last.at - figures[0].at < sensitivity.span) return null;
  const changes = changesOf(before);
  if (changes.length < sensitivity.figures / 2) return null;
  const usual = median(changes.map(({ change }) => change));
  const level = levelOf(before.slice(-sensitivity.level), last.at, usual);
  const fallen = fallenToHalf(before.slice(-sensitivity.level), last, previous);
  if (fallen && fallen - last.value >= sensitivity.least) {
    return { direction: 'shrunk', from: Math.max(previous.value, fallen), to: last.value, halved: true };
  }
  const off = logOf(last) - level;
  if (Math.abs(off) < SHARE || Math.abs(last.value - previous.value) < sensitivity.least) return null;
  const { change } = changeOf(previous, last);
  if (Math.sign(change) !== Math.sign(off) || !isUnusual(change, changes, last, sensitivity)) return null;
  return { direction: off < 0 ? 'shrunk' : 'grew', from: previous.value, to: last.value, halved: false };
}

interface Change {
  readonly at: number;
  /** Logarithm of the ratio, for one step. */
  readonly change: number;
}

function changesOf(figures: readonly Figure[]): Change[] {
  return figures
    .slice(1)
    .map((figure, index) => ({ gap: figure.at - figures[index].at, ...changeOf(figures[index], figure) }))
    .filter(({ gap }) => gap <= LONGEST_GAP);
}

function changeOf(earlier: Figure, later: Figure): Change {
  return { at: later.at, change: (logOf(later) - logOf(earlier)) / Math.max(1, later.at - earlier.at) };
}

/** Off the usual of all steps, and off that of the same step of earlier seasons. */
function isUnusual(change: number, changes: readonly Change[], { at }: Figure, { season }: Sensitivity): boolean {
  const all = changes.map((each) => each.change);
  const spread = Math.max(SMALLEST_SPREAD, TO_DEVIATION * medianAbsoluteDeviation(all));
  const same = changes.filter((each) => season !== undefined && (at - each.at) % season === 0);
  const centers = [median(all), ...(same.length >= 2 ? [median(same.map((each) => each.change))] : [])];
  return centers.every((center) => Math.abs(change - center) > TIMES * spread);
}

/** The logarithm of where the last figures lead to with the usual change. */
function levelOf(figures: readonly Figure[], at: number, usual: number): number {
  return median(figures.map((figure) => logOf(figure) + usual * (at - figure.at)));
}

/** The level of which the last figure is half or less, while the one before was not yet: told once, fast or slow. */
function fallenToHalf(figures: readonly Figure[], last: Figure, previous: Figure): number | undefined {
  const level = median(figures.map(({ value }) => value));
  return last.value <= level / 2 && previous.value > level / 2 ? level : undefined;
}

function logOf({ value }: Figure): number {
  return Math.log(Math.max(1, value));
}
