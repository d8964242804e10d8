/** The tool that keeps a database's schema version. */
export enum MigrationTool {
  /** Flyway: table `flyway_schema_history`. */
  FLYWAY = 'flyway',
  /** Prisma Migrate: table `_prisma_migrations`. */
  PRISMA = 'prisma',
  /** Alembic: table `alembic_version`. */
  ALEMBIC = 'alembic',
  /** Ruby on Rails: table `schema_migrations`. */
  RAILS = 'rails',
}
