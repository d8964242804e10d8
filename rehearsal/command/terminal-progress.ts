import { Listr, PRESET_TIMER, type ListrTaskWrapper, type DefaultRenderer, type SimpleRenderer } from 'listr2';
import { PHASES, type Phase, type Progress } from '../rehearse/phases';

type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

interface Row {
  readonly phase: Phase;
  begun: boolean;
  failed: boolean;
  detail: string;
  settle: (outcome: { failed?: string }) => void;
  readonly settled: Promise<{ failed?: string }>;
  wrapper?: Wrapper;
}

/** Live progress on a terminal: one row a phase, with a spinner, what happened and how long it took. */
export class TerminalProgress implements Progress {
  private readonly rows: Row[] = PHASES.map((phase) => {
    let settle!: Row['settle'];
    const settled = new Promise<{ failed?: string }>((resolve) => (settle = resolve));
    return { phase, begun: false, failed: false, detail: '', settle, settled };
  });
  private current?: Row;
  private readonly shown: Promise<unknown>;

  constructor() {
    const list = new Listr(
      this.rows.map((row) => ({ title: row.phase, task: (_: unknown, wrapper: Wrapper) => this.show(row, wrapper) })),
      {
        concurrent: false,
        exitOnError: false,
        registerSignalListeners: false,
        rendererOptions: { collapseSkips: true, showErrorMessage: false, suffixSkips: false, timer: PRESET_TIMER },
      },
    );
    this.shown = list.run();
  }

  begin(phase: Phase): void {
    if (this.current?.phase === phase) return;
    const index = this.rows.findIndex((row) => row.phase === phase);
    for (const row of this.rows.slice(0, index)) row.settle({});
    this.current = this.rows[index];
    this.current.begun = true;
  }

  detail(text: string): void {
    // A state that failed is left with what it knew before: that is no news.
    if (!this.current || this.current.failed) return;
    this.current.detail = text;
    this.title(this.current);
  }

  failed(reason: string): void {
    if (!this.current) return;
    this.current.failed = true;
    this.current.detail = reason;
    this.title(this.current);
    this.current.settle({ failed: reason });
  }

  /** Ends the picture: what was never begun is shown as skipped. */
  async close(): Promise<void> {
    for (const row of this.rows) row.settle({});
    await this.shown;
  }

  private async show(row: Row, wrapper: Wrapper): Promise<void> {
    row.wrapper = wrapper;
    this.title(row);
    const { failed } = await row.settled;
    this.title(row);
    if (failed !== undefined) throw new Error(failed);
    if (!row.begun) wrapper.skip(`${row.phase.padEnd(22)} not needed`);
  }

  private title(row: Row): void {
    if (row.wrapper) row.wrapper.title = row.detail ? `${row.phase.padEnd(22)} ${row.detail}` : row.phase;
  }
}

/** In a pipe and for machines: nothing but the end. */
export class QuietProgress implements Progress {
  begin(): void {}
  detail(): void {}
  failed(): void {}
  async close(): Promise<void> {}
}
