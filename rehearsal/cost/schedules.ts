import type { MonitorDefinition } from '../../lib/private/contract/monitoring';
import type { AssembledStack, TemplateResource } from '../assembly/read';
import { text } from '../assembly/text';
import { DAYS_PER_MONTH, HOURS_PER_MONTH } from './model';

/** What runs at a rate. Drills run by `cron` and are reckoned with the drill. */
export interface Runs {
  /** Folder of the assembly, and the schedule group in it: a site's. */
  readonly folder: string;
  readonly group: unknown;
  readonly perMonth: number;
  /** What a monitor is told. */
  readonly monitor?: MonitorDefinition;
}

export function scheduledRuns(stacks: readonly AssembledStack[]): Runs[] {
  return stacks
    .flatMap(({ folder, templates }) =>
      [...templates.values()].flatMap(({ Resources }) =>
        Object.values(Resources ?? {})
          .filter(({ Type }) => Type === 'AWS::Scheduler::Schedule')
          .map((schedule) => ({
            folder,
            group: schedule.Properties?.GroupName,
            perMonth: perMonth(schedule),
            monitor: monitorOf(schedule),
          })),
      ),
    )
    .filter((runs) => runs.perMonth > 0);
}

function perMonth({ Properties }: TemplateResource): number {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(String(Properties?.ScheduleExpression));
  if (!rate || Properties?.State === 'DISABLED') return 0;
  const [, value, unit] = rate;
  const every = { minute: HOURS_PER_MONTH * 60, hour: HOURS_PER_MONTH, day: DAYS_PER_MONTH }[unit] ?? 0;
  return every / Number(value);
}

function monitorOf({ Properties }: TemplateResource): MonitorDefinition | undefined {
  const { Input } = (Properties?.Target ?? {}) as { readonly Input?: unknown };
  try {
    const input = JSON.parse(text(Input)) as { readonly schema?: unknown };
    return input.schema === 'cdk-recoverable/monitor/v1' ? (input as MonitorDefinition) : undefined;
  } catch {
    // Of some other schedule, whose input need not be JSON.
    return undefined;
  }
}
