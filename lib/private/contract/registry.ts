/** What a plan protects and cannot drill yet: in the input of a schedule that never runs, since the schedules are the registry. */
export interface Undrilled {
  readonly undrilled: readonly {
    /** `<plan>/<resource>` */
    readonly name: string;
    readonly kind: 'db-instance' | 'db-cluster';
    /** DBInstanceIdentifier or DBClusterIdentifier. */
    readonly identifier: string;
  }[];
}
