import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

/** What came of one invocation. */
export interface Ran {
  readonly error?: string;
  /** What it printed, line by line. */
  readonly log: readonly string[];
  /** Processor time of the process. */
  readonly cpuSeconds: number;
  /** Most memory that the process has had until now. */
  readonly rssMib: number;
}

const BUNDLE = path.resolve(__dirname, '..', '..', 'assets', 'handlers', 'monitor', 'index.mjs');
const RUNTIME = path.resolve(__dirname, '..', 'function.mjs');

/** The bundled monitor in a process of its own, which stays warm as that of a Lambda function does. */
export class Monitor {
  private readonly child: ChildProcess;
  private readonly gone: Promise<never>;

  constructor(environment: Record<string, string>) {
    this.child = spawn(process.execPath, ['--no-warnings', RUNTIME, BUNDLE], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.gone = new Promise((_, reject) => {
      this.child.once('exit', (code) => reject(new Error(`the process of the monitor ended with ${code}`)));
    });
    // Nobody waits for it where it ends when it should.
    this.gone.catch(() => undefined);
  }

  invoke(event: unknown): Promise<Ran> {
    const ran = new Promise<Ran>((resolve) => this.child.once('message', resolve));
    this.child.send(event as object);
    return Promise.race([ran, this.gone]);
  }

  close(): void {
    this.child.kill('SIGKILL');
  }
}
