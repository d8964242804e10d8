/** RFC 3339 in UTC with milliseconds. */
export function now(): string {
  return new Date().toISOString();
}

export function secondsBetween(earlier: string, later: string): number {
  return (Date.parse(later) - Date.parse(earlier)) / 1000;
}

export function plusSeconds(time: string, seconds: number): string {
  return new Date(Date.parse(time) + seconds * 1000).toISOString();
}

/** RDS takes and shows whole seconds; rounding down never asks for data after the wanted moment. */
export function wholeSecond(time: string): string {
  return new Date(Math.floor(Date.parse(time) / 1000) * 1000).toISOString();
}
