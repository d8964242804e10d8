import type { MonitorDefinition, MonitorProfile } from '../../lib/private/contract/monitoring';

/** A second here is a minute there: what is measured every five minutes is measured every five seconds. */
export const SCALE = 60;

/** The time of metrics and alarms, whose periods are whole minutes. It stands still until something happens. */
export class FastClock {
  private begun?: number;

  constructor(
    private readonly scale: number,
    private readonly start = Date.now(),
  ) {}

  begin(): void {
    this.begun ??= Date.now();
  }

  readonly now = (): Date => this.at(Date.now());

  /** What time it is there when it is this time here, milliseconds. */
  at(here: number): Date {
    return new Date(this.begun === undefined ? this.start : this.start + (here - this.begun) * this.scale);
  }

  /** A line that a function printed, with the time there in its metrics. */
  line(text: string): string {
    return text.replace(/"Timestamp":(\d+)/, (_, here: string) => `"Timestamp":${this.at(Number(here)).getTime()}`);
  }
}

/** What a monitor is told, with every span as much shorter. Nothing else about it changes. */
export function scaled(definition: MonitorDefinition, scale: number): MonitorDefinition {
  return {
    ...definition,
    everySeconds: definition.everySeconds / scale,
    profiles: definition.profiles.map((profile) => scaledProfile(profile, scale)),
    resources: definition.resources.map((resource) => ({
      ...resource,
      ...(resource.provenSeconds !== undefined && { provenSeconds: resource.provenSeconds / scale }),
    })),
  };
}

function scaledProfile(profile: MonitorProfile, scale: number): MonitorProfile {
  const { rpoSeconds, regionLossRpoSeconds, sources } = profile;
  return {
    ...profile,
    rpoSeconds: rpoSeconds / scale,
    ...(regionLossRpoSeconds !== undefined && { regionLossRpoSeconds: regionLossRpoSeconds / scale }),
    sources: sources.map((source) => ({
      ...source,
      allowedSeconds: source.allowedSeconds / scale,
      ...(source.completionSeconds !== undefined && { completionSeconds: source.completionSeconds / scale }),
    })),
  };
}
