/** Figures as people read them. */
const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytesInWords(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${round(bytes / 1024 ** power)} ${UNITS[power]}`;
}

export function secondsInWords(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${round(seconds / 3600)} h`;
}

export function shareInWords(share: number): string {
  return `${round(share * 100)} %`;
}

/** Three digits at the most, but never fewer than there are before the point. */
function round(value: number): string {
  return String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}
