import type { AppConfig } from '../config';

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;

/** What is wrong with a configuration, in the words of the file that a person edits; all at once. */
export function requireSound(config: AppConfig): void {
  const problems = [...wrongDatabases(config.databases), ...wrongRegions(config), ...wrongPeople(config)];
  if (problems.length === 0) return;
  throw new Error(problems.map((problem) => `bin/config.ts ${problem}`).join('\n'));
}

function wrongDatabases(databases: AppConfig['databases']): string[] {
  if (databases.length === 0) return ['lists no databases: list at least one, or try -c example=true'];
  const names = databases.map(({ name }) => name);
  const identifiers = databases.map(({ identifier }) => identifier.toLowerCase());
  return [
    ...repeated(names).map((name) => `lists two databases under the name ${name}: name each differently`),
    ...repeated(identifiers).map((identifier) => `lists the database ${identifier} twice: list it once`),
  ];
}

function wrongRegions({ region, recoveryRegion, objectives }: AppConfig): string[] {
  const wrong = Object.entries({ region, recoveryRegion })
    .filter(([, value]) => value !== undefined && !REGION.test(value))
    .map(([key, value]) => `says ${key} ${JSON.stringify(value)}, which is no name of a Region, as eu-west-1 is`);
  if (recoveryRegion === undefined && objectives.regionLossRpoMinutes !== undefined) {
    wrong.push(
      'promises regionLossRpoMinutes without a recoveryRegion to recover in: name one, or promise nothing of it',
    );
  }
  if (region !== recoveryRegion) return wrong;
  return [
    ...wrong,
    `says ${region} for region and recoveryRegion: a Region is not recovered from itself; name another, or leave recoveryRegion out`,
  ];
}

function wrongPeople({ email, objectives }: AppConfig): string[] {
  const wrong = /^[^@\s]+@[^@\s]+$/.test(email) ? [] : [`says email ${JSON.stringify(email)}, which is no address`];
  for (const [key, value] of Object.entries(objectives)) {
    if (!(value > 0)) wrong.push(`says ${key} ${value}: objectives are minutes, more than 0`);
  }
  return wrong;
}

function repeated(values: string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
