import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

export interface SimulatedAnswer {
  readonly payload: string;
  readonly functionError?: string;
  /** What the function printed to its log. */
  readonly log: string;
}

export interface SimulatedFunctionOptions {
  readonly name: string;
  /** The bundled handler. */
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A bundled handler in a warm process of its own, whose clock is set for each invocation. */
export class SimulatedFunction {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (answer: SimulatedAnswer) => void>();
  private invocations = 0;
  private errors = '';

  constructor(private readonly options: SimulatedFunctionOptions) {
    const { bundle, environment } = options;
    this.child = spawn(process.execPath, ['--no-warnings', path.join(__dirname, 'bootstrap.mjs'), bundle], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.on('data', (text) => (this.errors += String(text)));
    this.child.on('message', ({ id, ...answer }: SimulatedAnswer & { readonly id: number }) => {
      this.waiting.get(id)?.(answer);
      this.waiting.delete(id);
    });
    this.child.on('exit', () => {
      const payload = JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage: this.errors.slice(-2000) });
      for (const answer of this.waiting.values()) answer({ payload, functionError: 'Unhandled', log: '' });
    });
  }

  invoke(event: unknown, now: Date): Promise<SimulatedAnswer> {
    const id = ++this.invocations;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.child.send({ id, event, functionName: this.options.name, now: now.getTime() });
    });
  }

  close(): void {
    this.child.kill('SIGKILL');
  }
}
