import type { DatabaseFinding } from '../observations';
import type { Database } from '../port';
import { sameSubject, type AnyTask, type DatabaseTasks, type Engine, type Task, type TaskContext } from '../tasks';
import { readAside, readColumns, readServer, readTables } from './catalog';
import { fileRowTasks } from './file-rows';
import { foreignKeyTasks, readForeignKeys } from './foreign-keys';
import { freshnessTasks } from './freshness';
import { migrationTasks } from './migrations';
import { queryTasks } from './queries';
import { readDatabase } from './settings';
import { tableTasks } from './tables';

/** PostgreSQL 12 and newer; content is compared from 14 on. */
export const postgres: Engine = {
  entrances: ['postgres', 'template1'],
  readServer,
  tasks: databaseTasks,
  queries: (...asked) => [...queryTasks(...asked), ...fileRowTasks(...asked)],
};

async function databaseTasks(database: Database, context: TaskContext): Promise<DatabaseTasks> {
  const tables = await readTables(database);
  const columns = await readColumns(database);
  const counted = tableTasks(database.name, tables, context.plan.content ? columns : null, context);
  const without = context.plan.withoutChecks.map((each) => each.check);
  const keys = without.includes('foreign-keys') ? [] : await readForeignKeys(database);
  const orphans = foreignKeyTasks(database.name, keys, tables, context);
  const migrations = migrationTasks(database.name, tables, columns);
  const seen: Task<'database'> = {
    unit: { probe: 'database', database: database.name, path: [] },
    reading: 'freely',
    async run(session): Promise<DatabaseFinding> {
      return {
        ...(await readDatabase(session, context.server.major)),
        ...(await readAside(session)),
        expects: { table: subjects(counted), 'foreign-key': subjects(orphans), migration: subjects(migrations) },
      };
    },
  };
  return {
    tasks: [seen, ...counted, ...orphans, ...migrations, ...freshnessTasks(database.name, tables, context)],
    holdsTables: tables.length > 0,
  };
}

/** How many things the tasks are about; the ranges of a large table are next to each other and count once. */
function subjects(tasks: readonly AnyTask[]): number {
  return tasks.filter((task, index) => index === 0 || !sameSubject(task.unit, tasks[index - 1].unit)).length;
}
