/** A database engine that drills know how to restore and to check. */
export class Engine {
  /** PostgreSQL on RDS. */
  public static readonly POSTGRES = new Engine('postgres');

  private constructor(
    /** As RDS names it. */
    public readonly engineName: string,
  ) {}
}
