/** Name of the metric of a source's age: `daily recovery points` is `DailyRecoveryPointsAge`. */
export function ageMetric(source: string): string {
  const words = source.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return `${words.map((word) => word[0].toUpperCase() + word.slice(1)).join('')}Age`;
}
