import type { Look } from '../look';

/** Majors of PostgreSQL among the protected instances, as they are and as an app declares them. */
export async function postgresMajors(look: Look): Promise<string[]> {
  const running = (await look.instances()).map(({ Engine, EngineVersion }) => ({
    engine: Engine,
    engineVersion: EngineVersion,
  }));
  const planned = (look.planned?.subjects ?? []).filter(({ kind }) => kind === 'db-instance');
  const majors = [...running, ...planned]
    .filter(({ engine, engineVersion }) => engine === 'postgres' && engineVersion !== undefined)
    .map(({ engineVersion }) => engineVersion!.split('.')[0]);
  return [...new Set(majors)].sort();
}
