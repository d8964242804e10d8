import type { Evidence } from '../../../lib/private/contract/evidence';
import { secondsBetween } from '../../shared/clock';
import { duration, moment } from '../text';
import { markup, type Markup } from './markup';
import { axisFor, picture, type Bar, type Row } from './picture';

/** Data loss and recovery time: each a figure, its objective, how it was measured, and a picture of its own scale. */
export function figures(evidence: Evidence): Markup {
  return markup`<div class="figures">${dataLoss(evidence)}${recoveryTime(evidence)}</div>`;
}

function dataLoss(evidence: Evidence): Markup {
  const { rpo } = evidence;
  return markup`<section><h2>Data lost (RPO)</h2>${figure(rpo.achievedSeconds, rpo.objectiveSeconds)}<p class="small gap">${rpo.explanation}</p>${lossPicture(evidence)}</section>
`;
}

/** The right edge is the declared disaster; time runs towards it. */
function lossPicture({ rpo, source, disasterAt, resource }: Evidence): Markup | null {
  if (!source) return null;
  const loss = rpo.achievedSeconds;
  const restorePoint = -source.ageSeconds;
  const { length, shown } = axisFor(Math.max(loss ?? 0, source.ageSeconds), rpo.objectiveSeconds);
  const newestRow = newestAt(rpo, disasterAt);
  const rows: Row[] = [
    {
      name: 'Objective',
      value: `${shown ? '' : '← '}${duration(rpo.objectiveSeconds)}`,
      promise: [-rpo.objectiveSeconds, 0],
    },
    ...(loss === null
      ? []
      : [{ name: 'Lost', value: duration(loss), bars: spans(loss, rpo.objectiveSeconds).map(mirrored) }]),
    ...(newestRow === null
      ? []
      : [
          {
            name: resource.engine === 's3' ? 'Files complete' : 'Newest valid row',
            value: clock(newestRow),
            at: -(loss ?? 0),
          },
        ]),
    { name: 'Restore point', value: clock(source.restorePoint), at: restorePoint },
    { name: 'Disaster', value: clock(disasterAt), at: 0 },
  ];
  return picture('How much data was lost', { from: -length, to: 0, objective: -rpo.objectiveSeconds }, rows);
}

function newestAt(rpo: Evidence['rpo'], disasterAt: string): string | null {
  const disaster = Date.parse(disasterAt);
  if (rpo.method !== 'data' || rpo.achievedSeconds === null || Number.isNaN(disaster)) return null;
  return new Date(disaster - Math.round(rpo.achievedSeconds * 1000)).toISOString();
}

function recoveryTime(evidence: Evidence): Markup {
  const { rto } = evidence;
  return markup`<section><h2>Recovery time (RTO)</h2>${figure(rto.achievedSeconds, rto.objectiveSeconds)}<p class="small gap">${rto.explanation}</p>${recoveryPicture(evidence)}</section>
`;
}

/** The left edge is the start of the restore. */
function recoveryPicture({ rto }: Evidence): Markup | null {
  const start = rto.phases[0]?.startedAt;
  if (start === undefined) return null;
  const ends = rto.phases.map((phase) => secondsBetween(start, phase.finishedAt));
  const { length, shown } = axisFor(Math.max(rto.achievedSeconds ?? 0, ...ends), rto.objectiveSeconds);
  const tones: Bar['tone'][] = ['bar1', 'bar2', 'bar3'];
  const phases = rto.phases.map((phase, index): Row => {
    const from = secondsBetween(start, phase.startedAt);
    const bar: Bar = { from, to: ends[index] ?? from, tone: tones[index % tones.length] ?? 'bar1' };
    return { name: phase.name, value: duration(phase.seconds), bars: [bar] };
  });
  const recovered =
    rto.achievedSeconds === null
      ? []
      : [
          {
            name: 'Checks passed',
            value: duration(rto.achievedSeconds),
            bars: spans(rto.achievedSeconds, rto.objectiveSeconds),
          },
        ];
  const rows: Row[] = [
    {
      name: 'Objective',
      value: `${duration(rto.objectiveSeconds)}${shown ? '' : ' →'}`,
      promise: [0, rto.objectiveSeconds],
    },
    ...phases,
    ...recovered,
  ];
  return picture('How long recovery took', { from: 0, to: length, objective: rto.objectiveSeconds }, rows);
}

/** What lies within the promised span, and what lies beyond it; geometry, the judge alone compares. */
function spans(achieved: number, objective: number): Bar[] {
  return [
    { from: 0, to: Math.min(achieved, objective), tone: 'bar1' },
    { from: objective, to: achieved, tone: 'over' },
  ];
}

function mirrored(bar: Bar): Bar {
  return { ...bar, from: -bar.to, to: -bar.from };
}

function figure(achieved: number | null, objective: number): Markup {
  const said = achieved === null ? 'not measured' : duration(achieved);
  return markup`<p class="figure">${said}</p><p class="soft">objective ${duration(objective)}</p>`;
}

/** Time of day with its date only where it has one worth the room: pictures are narrow. */
function clock(time: string): string {
  return moment(time)
    .replace(/^\d{4}-/, '')
    .replace(/ UTC$/, '');
}
