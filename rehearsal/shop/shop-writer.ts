import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { haveAccident, type Accident, type AccidentKind, type Capture, type Till } from './accident';
import type { ShopFiles } from './invoice';
import { sell } from './sale';
import type { Shop } from './shop';

/** About 20 sales a second. */
const INTERVAL_MS = 50;

/** Sells all the while, one sale after the other, as the application's login over TLS. */
export class ShopWriter {
  private running?: Promise<void>;
  private stopping = false;
  private sold = 0;
  private gate: Promise<void> = Promise.resolve();
  private openGate: () => void = () => {};
  private sale: Promise<unknown> = Promise.resolve();

  /** @param files where invoices are kept; without it the shop has their rows alone */
  constructor(
    private readonly shop: Shop,
    private readonly files?: ShopFiles,
  ) {}

  /** How many sales were committed since the start. */
  get sales(): number {
    return this.sold;
  }

  /** Begins to sell; resolves after the first sale. */
  async start(): Promise<void> {
    if (this.running) throw new Error('the shop is selling already: stop it first');
    const client = await this.shop.application();
    this.stopping = false;
    try {
      await this.sellOnce(client);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    this.running = this.sellOn(client);
    // Told by stop(); without this a failure before would end the process.
    this.running.catch(() => {});
  }

  /** Stops selling. Rejects with what stopped the selling before, if something did. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.openGate();
    const { running } = this;
    this.running = undefined;
    await running;
  }

  /**
   * Has an accident just after a whole second, the restore point. Selling pauses for well below a second around it, so
   * that the restore point falls between two sales, and goes on while the capture works on its snapshot.
   */
  async accident(kind: AccidentKind, capture?: Capture): Promise<Accident> {
    const till: Till = { pause: () => this.pause(), resume: () => this.openGate() };
    return haveAccident(this.shop, till, kind, { capture, files: this.files });
  }

  private async pause(): Promise<void> {
    this.gate = new Promise((resolve) => {
      this.openGate = resolve;
    });
    await this.sale.catch(() => {});
  }

  private async sellOn(client: Client): Promise<void> {
    try {
      while (!this.stopping) {
        const next = Date.now() + INTERVAL_MS;
        await this.gate;
        if (this.stopping) return;
        await this.sellOnce(client);
        await sleep(Math.max(0, next - Date.now()));
      }
    } finally {
      await client.end().catch(() => {});
    }
  }

  private async sellOnce(client: Client): Promise<void> {
    this.sale = sell(client, this.sold, this.files);
    await this.sale;
    this.sold += 1;
  }
}
