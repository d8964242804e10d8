import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseEngine } from '../../../rehearsal/database-engine';
import { DumpScenario } from '../../../rehearsal/rehearse/scenario/dump';
import { ShopScenario } from '../../../rehearsal/rehearse/scenario/shop';
import { openRehearsal, type Opened } from './opened';
import { validEvidence } from './support';

jest.setTimeout(120_000);

let opened: Opened | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

/** Remembers every password that a server is given. */
function eavesdrop(engine: DatabaseEngine, passwords: string[]): void {
  const create = engine.create.bind(engine);
  const restore = engine.restore.bind(engine);
  engine.create = (options) => {
    passwords.push(options.masterPassword);
    return create(options);
  };
  engine.restore = async (...from) => {
    const copy = await restore(...from);
    const set = copy.setMasterPassword.bind(copy);
    copy.setMasterPassword = (password) => {
      passwords.push(password);
      return set(password);
    };
    return copy;
  };
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

test('the shop: PASSED, every call authorised, no secret written down, nothing left', async () => {
  const passwords: string[] = [];
  opened = await openRehearsal({ scenario: new ShopScenario() }, (engine) => eavesdrop(engine, passwords));
  const { rehearsal, folder } = opened;
  const { evidence, json, page } = await rehearsal.drill();

  expect({ verdict: evidence.verdict, reasons: evidence.reasons }).toMatchObject({ verdict: 'PASSED' });
  expect(validEvidence(json)).toEqual([]);
  expect(page).toContain('PASSED');
  expect(evidence.checks.filter(({ status }) => status !== 'pass')).toEqual([]);

  const { calls } = rehearsal.site.account.aws;
  expect(calls.length).toBeGreaterThan(20);
  expect(calls.filter(({ allowed }) => !allowed)).toEqual([]);
  expect(rehearsal.site.problems()).toEqual([]);
  expect(rehearsal.left()).toEqual([]);

  expect(passwords.length).toBe(2);
  const files = filesUnder(folder);
  expect(files.filter((file) => file.endsWith('.log')).length).toBeGreaterThan(5);
  const written = [...files.map((file) => readFileSync(file, 'utf8'))];
  written.push(JSON.stringify(rehearsal.site.account.states.executions));
  for (const password of passwords) {
    for (const form of [password, encodeURIComponent(password), Buffer.from(password).toString('base64')]) {
      expect(written.filter((text) => text.includes(form))).toEqual([]);
    }
  }
});

const CHINOOK = path.resolve(__dirname, '../../../../shared/data/chinook/Chinook_PostgreSql.sql');
const ROWS = {
  album: 347,
  artist: 275,
  customer: 59,
  employee: 8,
  genre: 25,
  invoice: 412,
  invoice_line: 2240,
  media_type: 5,
  playlist: 18,
  playlist_track: 8715,
  track: 3503,
};

const isThere = existsSync(CHINOOK);
if (!isThere) {
  const message = `skipped: ${CHINOOK} is not there`;
  if (process.env.CI) throw new Error(message);
  process.stderr.write(`${message}\n`);
}

(isThere ? test : test.skip)('a dump: every table with its true number of rows', async () => {
  opened = await openRehearsal({ scenario: await DumpScenario.open(CHINOOK) });
  const { evidence, json } = await opened.rehearsal.drill();
  expect({ verdict: evidence.verdict, reasons: evidence.reasons }).toMatchObject({ verdict: 'PASSED' });
  expect(validEvidence(json)).toEqual([]);
  expect(Object.fromEntries(evidence.tables.map(({ name, rows }) => [name, rows]))).toEqual(ROWS);
  expect(new Set(evidence.tables.map(({ database }) => database))).toEqual(new Set(['chinook']));
});
