import os from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Somebody wants the command to end: everything it started is ended first. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(private readonly signal: (typeof SIGNALS)[number]) {
    super(`interrupted by ${signal}: everything it started is removed`);
  }

  /** As a shell counts it: Ctrl-C is 130. */
  get exitStatus(): number {
    return 128 + os.constants.signals[this.signal];
  }
}

/** Runs work that ends early, with the signal's reason, when the process is told to. Told twice, the process ends at once. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const handlers = SIGNALS.map((name) => {
    const told = new Interrupted(name);
    const handler = () => (controller.signal.aborted ? process.exit(told.exitStatus) : controller.abort(told));
    return [name, handler] as const;
  });
  // Not `once`: what restores the terminal's cursor ends the process when it finds itself the only listener.
  for (const [name, handler] of handlers) process.on(name, handler);
  try {
    return await work(controller.signal);
  } finally {
    for (const [name, handler] of handlers) process.off(name, handler);
  }
}
