export { makeRunDirectory, sweepStaleDirectories } from './directories';
export { openPostgresEngine, type PostgresEngineOptions } from './engine';
export { PostgresError, type PostgresErrorName } from './errors';
