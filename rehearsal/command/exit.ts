/** Exit statuses: machines read them before they read anything else. */
export const EXIT = { PASSED: 0, FAILED: 1, USER: 2, INCONCLUSIVE: 3 } as const;

/** What the user can mend: a wrong call, a dump that cannot be read, a machine without PostgreSQL, a folder that is no app. */
export const USER_ERRORS = new Set(['UserError', 'DumpError', 'PostgresNotFound', 'AssemblyError', 'PriceError']);
