import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keys } from '../../../lambda/shared/keys';
import type { DatabaseEngine } from '../../../rehearsal/database-engine';
import { openPostgresEngine } from '../../../rehearsal/postgres';
import { FAULTS as ALL, faultNamed, type Fault } from '../../../rehearsal/rehearse/faults';
import type { DrillRecord } from '../../../rehearsal/rehearse/record';
import { Rehearsal } from '../../../rehearsal/rehearse/rehearsal';
import { ShopScenario } from '../../../rehearsal/rehearse/scenario/shop';
import { silent, validEvidence } from './support';

jest.setTimeout(300_000);

/** What can happen to drills of the example; the others have tests of their own. */
const FAULTS = ALL.filter(({ from }) => from === undefined);

/** What the reasons must say, so that a person knows what happened. */
const SAYS: Record<string, RegExp> = {
  'no-recovery-source': /nothing to restore from/i,
  'incompatible-network': /incompatible-network/,
  'restore-failed': /status failed/,
  'never-available': /not available/,
  'rows-deleted': /rows|order/i,
  'stale-restore': /baseline|older|before/i,
  'table-missing': /order_items/,
  'migration-missing': /flyway|migration/i,
  'cannot-connect': /could not be opened|login/i,
  'privilege-lacking': /GRANT /,
  'files-missing': /missing/,
  'files-replaced': /size|content/,
  throttled: /throttled/i,
  'machine-stopped': /stopped|ABORTED/,
};

/** Restores that fail or never end are noticed soon, so that the tests are. */
const PATIENCE = { available: 25, access: 15, ttl: 5, gone: 1 };

let engine: DatabaseEngine;
let folder: string;
let rehearsal: Rehearsal;

async function open(baseline: boolean): Promise<void> {
  engine = await openPostgresEngine();
  folder = mkdtempSync(path.join(tmpdir(), 'recoverable-test-'));
  rehearsal = await Rehearsal.open({
    engine,
    folder,
    scenario: new ShopScenario(),
    faults: {},
    patience: PATIENCE,
    progress: silent,
    baseline,
  });
}

async function close(): Promise<void> {
  await rehearsal.close();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
}

/** From a point in time: the rotation would turn to the snapshot in every second drill, which some faults do not touch. */
function drill(fault: Fault): Promise<DrillRecord> {
  const { drill: name } = rehearsal.schedule.definition;
  rehearsal.site.write(rehearsal.site.stateBucket(), keys.rotation(name), '{"drills":0,"last":""}');
  return rehearsal.drill({ fault, accident: false });
}

function expectVerdict(fault: Fault, { evidence, json, page }: DrillRecord): void {
  // Together, so that a wrong verdict shows why.
  expect([evidence.verdict, ...evidence.reasons].join('\n')).toMatch(new RegExp(`^${fault.verdict}`));
  expect(evidence.reasons.join('\n')).toMatch(SAYS[fault.name]);
  expect(validEvidence(json)).toEqual([]);
  expect(page).toContain(fault.verdict);
}

function expectNothingLeft(): void {
  expect(rehearsal.left()).toEqual([]);
  expect(rehearsal.site.problems()).toEqual([]);
}

test('every fault is expected to say something', () => {
  expect(Object.keys(SAYS).sort()).toEqual(FAULTS.map((fault) => fault.name).sort());
});

describe('a first drill', () => {
  beforeAll(() => open(true));
  afterAll(close);

  // Those that damage the source or the replica for good come last.
  const lasting = ({ source, replica }: Fault) => Number(source !== undefined) * 2 + Number(replica !== undefined);
  const inOrder = [...FAULTS].sort((a, b) => lasting(a) - lasting(b));
  test.each(inOrder.map((fault) => fault.name))(
    '%s: the verdict, evidence that says why, and nothing left',
    async (name) => {
      const fault = faultNamed(name);
      expectVerdict(fault, await drill(fault));
      expectNothingLeft();
    },
  );
});

describe('a drill that knows only what an earlier passed one stored', () => {
  beforeAll(async () => {
    await open(false);
    const { evidence } = await rehearsal.drill({ accident: false });
    expect({ verdict: evidence.verdict, reasons: evidence.reasons }).toMatchObject({ verdict: 'PASSED' });
  });
  afterAll(close);

  const inOrder = FAULTS.filter((fault) => fault.inData).sort(
    (a, b) => Number(a.source !== undefined) - Number(b.source !== undefined),
  );
  test.each(inOrder.map((fault) => fault.name))('%s is found', async (name) => {
    const fault = faultNamed(name);
    expectVerdict(fault, await drill(fault));
    expectNothingLeft();
  });
});
