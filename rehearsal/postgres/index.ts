export { makeRunDirectory, sweepStaleDirectories } from './directories';
export { resumeArchiving, stopArchiving } from './archiving';
export { openPostgresEngine, type PostgresEngineOptions } from './engine';
export { PostgresError, type PostgresErrorName } from './errors';
