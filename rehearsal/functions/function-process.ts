import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface InvocationAnswer {
  /** JSON text: the handler's answer, or {errorType, errorMessage, trace} when functionError is set. */
  readonly payload: string;
  readonly functionError?: string;
}

export interface FunctionOptions {
  readonly name: string;
  /** The module that holds the handler: for ours the bundled index.mjs. */
  readonly bundle: string;
  /** The name that the module exports it under; default `handler`. */
  readonly handler?: string;
  readonly bootstrap: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** The function's log goes to `<logs>/<name>.log`. */
  readonly logs: string;
  /** Hears what the function prints, line by line. */
  readonly onLine?: (line: string) => void;
}

interface Pending {
  readonly child: ChildProcess;
  readonly resolve: (answer: InvocationAnswer) => void;
  readonly timer: NodeJS.Timeout;
}

/** A Lambda function as a child process that stays warm between invocations, ended when it overruns its timeout. */
export class FunctionProcess {
  private child: ChildProcess | null = null;
  private readonly pending = new Map<number, Pending>();
  private invocations = 0;

  constructor(private readonly options: FunctionOptions) {}

  invoke(event: unknown): Promise<InvocationAnswer> {
    const id = ++this.invocations;
    const child = (this.child ??= this.start());
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.overrun(id), this.options.timeoutSeconds * 1000);
      this.pending.set(id, { child, resolve, timer });
      child.send({ id, event, functionName: this.options.name }, (error) => {
        if (error) this.answer(id, failure('Runtime.ExitError', `the function's process is gone: ${error.message}`));
      });
    });
  }

  async close(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  private start(): ChildProcess {
    const { name, bundle, handler = 'handler', bootstrap, environment, logs, onLine } = this.options;
    const child = spawn(process.execPath, ['--no-warnings', bootstrap, bundle, handler], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Out of the terminal's group: Ctrl-C is ours to hear, or a dying function would look like a failing one.
      detached: true,
    });
    const log = createWriteStream(path.join(logs, `${name}.log`), { flags: 'a' });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    if (onLine && child.stdout) createInterface(child.stdout).on('line', onLine);
    child.on('message', (message: { id: number } & InvocationAnswer) => this.answer(message.id, message));
    child.on('exit', (code, signal) => {
      log.end();
      // After an overrun another process may have taken its place.
      if (this.child === child) this.child = null;
      for (const [id, waiting] of this.pending) {
        if (waiting.child === child)
          this.answer(id, failure('Runtime.ExitError', `the function's process ended with ${signal ?? code}`));
      }
    });
    return child;
  }

  private overrun(id: number): void {
    const child = this.pending.get(id)?.child;
    this.answer(id, failure('Sandbox.Timedout', `Task timed out after ${this.options.timeoutSeconds} seconds`));
    child?.kill('SIGKILL');
    if (this.child === child) this.child = null;
  }

  private answer(id: number, { payload, functionError }: InvocationAnswer): void {
    const waiting = this.pending.get(id);
    if (!waiting) return;
    this.pending.delete(id);
    clearTimeout(waiting.timer);
    waiting.resolve({ payload, ...(functionError && { functionError }) });
  }
}

function failure(errorType: string, errorMessage: string): InvocationAnswer {
  return { payload: JSON.stringify({ errorType, errorMessage }), functionError: 'Unhandled' };
}
