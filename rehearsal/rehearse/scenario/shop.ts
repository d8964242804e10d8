import type { Client } from 'pg';
import type { RunningDatabase } from '../../database-engine';
import { createShop, documentsOf, SHOP_DATABASE, SHOP_ROWS, ShopWriter, type Shop } from '../../shop';
import type { FileStore } from '../files';
import { passWholeSecond } from './moment';
import type { Scenario } from './scenario';
import { tablesBySize } from './tables';

/** How long the shop sells after its backup, so that a restore has something to replay. */
const SELLING_MS = 2000;

/** A realistic shop that sells all the while, until somebody forgets a WHERE. */
export class ShopScenario implements Scenario {
  readonly drill = 'Weekly';
  readonly backUpFirst = false;
  readonly database = SHOP_DATABASE;
  private shop?: Shop;
  private files?: FileStore;
  private writer?: ShopWriter;

  async load(
    database: RunningDatabase,
    certificateAuthority: string,
    _detail: (text: string) => void,
    files?: FileStore,
  ): Promise<string> {
    this.shop = await createShop(database, certificateAuthority);
    this.files = files;
    files?.fill(await documentsOf(this.shop));
    const rows = Object.values(SHOP_ROWS).reduce((sum, count) => sum + count, 0);
    const loaded = `${rows.toLocaleString('en')} rows in ${Object.keys(SHOP_ROWS).length} tables`;
    return files ? `${loaded}, ${files.count().toLocaleString('en')} files` : loaded;
  }

  tables(database: RunningDatabase): Promise<string[]> {
    return tablesBySize(database, SHOP_DATABASE);
  }

  owner(): Promise<Client> {
    return this.opened().shop.application();
  }

  async lose(accident: boolean, capture: (held?: Client) => Promise<void>): Promise<Date> {
    const { writer } = this.opened();
    await this.sell();
    if (accident) return (await writer.accident('orders-deleted', (client) => capture(client))).restorePoint;
    await writer.stop();
    this.selling = false;
    await capture();
    const moment = await passWholeSecond();
    await this.sell(0);
    return moment;
  }

  async close(): Promise<void> {
    if (this.selling) await this.writer?.stop();
  }

  private selling = false;

  /** Sells on, for a while before anybody looks. */
  private async sell(forMs = SELLING_MS): Promise<void> {
    if (this.selling) return;
    await this.opened().writer.start();
    this.selling = true;
    await new Promise((resolve) => setTimeout(resolve, forMs));
  }

  private opened(): { shop: Shop; writer: ShopWriter } {
    if (!this.shop) throw new Error('the shop is loaded before anything else');
    this.writer ??= new ShopWriter(this.shop, this.files);
    return { shop: this.shop, writer: this.writer };
  }
}
