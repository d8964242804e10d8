/** An error that Step Functions, the verdict table and people know by its name. */
export class NamedError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** The name of whatever was thrown: an SDK error's wire name, ours, or `Error`. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
