/** A database engine, as RDS names it. What can be protected and drilled of each is a table: `docs/support.md`. */
export class Engine {
  /** PostgreSQL: RDS instances, and Multi-AZ DB clusters. */
  public static readonly POSTGRES = new Engine('postgres');
  /** MySQL: RDS instances, and Multi-AZ DB clusters. */
  public static readonly MYSQL = new Engine('mysql');
  /** MariaDB: RDS instances. */
  public static readonly MARIADB = new Engine('mariadb');
  /** Oracle Enterprise Edition: RDS instances. */
  public static readonly ORACLE_EE = new Engine('oracle-ee');
  /** Oracle Enterprise Edition, a container database: RDS instances. */
  public static readonly ORACLE_EE_CDB = new Engine('oracle-ee-cdb');
  /** Oracle Standard Edition 2: RDS instances. */
  public static readonly ORACLE_SE2 = new Engine('oracle-se2');
  /** Oracle Standard Edition 2, a container database: RDS instances. */
  public static readonly ORACLE_SE2_CDB = new Engine('oracle-se2-cdb');
  /** SQL Server Enterprise Edition: RDS instances. */
  public static readonly SQLSERVER_EE = new Engine('sqlserver-ee');
  /** SQL Server Standard Edition: RDS instances. */
  public static readonly SQLSERVER_SE = new Engine('sqlserver-se');
  /** SQL Server Express Edition: RDS instances. */
  public static readonly SQLSERVER_EX = new Engine('sqlserver-ex');
  /** SQL Server Web Edition: RDS instances. */
  public static readonly SQLSERVER_WEB = new Engine('sqlserver-web');
  /** Aurora PostgreSQL: clusters, provisioned or Serverless v2. */
  public static readonly AURORA_POSTGRESQL = new Engine('aurora-postgresql');
  /** Aurora MySQL: clusters, provisioned or Serverless v2. */
  public static readonly AURORA_MYSQL = new Engine('aurora-mysql');

  private constructor(
    /** As RDS names it. */
    public readonly engineName: string,
  ) {}
}
