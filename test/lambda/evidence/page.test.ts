import { summary } from '../../../lambda/evidence/summary';
import { page } from '../../../lambda/evidence/page/page';
import { visible, duration, moment, oneLine } from '../../../lambda/evidence/text';
import {
  at,
  endedBy,
  evidenceOf,
  FACTS,
  FROM_RECOVERY_POINT,
  REHEARSED,
  RESULTS,
  STATE,
  withResult,
  DEFINITION,
  passing,
} from './samples';

describe('the page', () => {
  const passed = page(evidenceOf(FACTS));

  test('is complete in itself: no script, nothing from elsewhere', () => {
    expect(passed).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    expect(passed).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|url\((?!#)|@import|https?:\/\//i);
  });

  test('says the verdict first, in a word and a sign', () => {
    const text = passed.slice(passed.indexOf('<main>'));
    expect(text.indexOf('PASSED</h1>')).toBeLessThan(text.indexOf('<section'));
    expect(text).toMatch(/<h1><svg[\s\S]*?<\/svg>PASSED<\/h1>/);
  });

  test('holds what an auditor asks for', () => {
    for (const part of [
      'Data lost (RPO)', 'Recovery time (RTO)', 'objective 15 min', 'objective 1 h', '11 min 28 s', '60,123', 'Differences from a real recovery',
      'Left to manual judgement', 'Payments', 'Removed', 'Left behind', 'Cost on AWS', 'chain/Shop/Orders/00000006.json', 'a'.repeat(64), 'Waits and patiences',
    ]) expect(passed).toContain(part); // prettier-ignore
    expect(passed.match(/<figure/g)).toHaveLength(2);
    for (const result of RESULTS.checks) expect(passed).toContain(`<code>${result.id}</code>`);
  });

  test.each([0.001, 1, 40, 900, 901, 86_400, 30 * 86_400])('draws a loss of %d s inside its picture', (loss) => {
    const drawn = page(evidenceOf(withResult('freshness:orders.created_at', { newestRow: at(-241 - loss) })));
    const numbers = [...drawn.matchAll(/<rect class="\w+"[^>]*? x="([-\d.]+)"[^>]*? width="([-\d.]+)"/g)];
    expect(numbers.length).toBeGreaterThan(5);
    for (const [, x, width] of numbers) {
      expect(Number(x)).toBeGreaterThanOrEqual(0);
      expect(Number(x) + Number(width)).toBeLessThanOrEqual(1000.2);
    }
    expect(drawn).not.toContain('NaN');
  });

  test('shows the grant to run, line by line', () => {
    const drawn = page(evidenceOf(withResult('connect', { status: 'inconclusive', grant: 'GRANT a;\nGRANT "b";' })));
    expect(drawn).toContain('<pre>GRANT a;\nGRANT &#34;b&#34;;</pre>');
  });

  test('folds 3,000 tables and still holds each', () => {
    const tables = Array.from({ length: 3000 }, (_, index) => ({
      database: 'd',
      schema: 's',
      name: `t${index}`,
      rows: index,
    }));
    const drawn = page(evidenceOf({ ...FACTS, results: { ...RESULTS, profile: { ...RESULTS.profile!, tables } } }));
    expect(drawn).toContain('<summary>All 3,000 tables</summary>');
    expect(drawn.match(/<bdi>t\d+<\/bdi>/g)).toHaveLength(3000);
  });

  test('a rehearsal carries its sentence at the top and across every page; a drill does not', () => {
    const rehearsed = page(evidenceOf(FACTS, REHEARSED));
    expect(rehearsed).toContain(`role="note">${REHEARSED.watermark}`);
    expect(rehearsed).toContain('class="watermark"');
    expect(passed).not.toContain('class="watermark"');
  });

  test('a drill that restored nothing still makes a page', () => {
    const drawn = page(evidenceOf(endedBy('NoRecoverySource', 'there is none', 'source')));
    for (const part of ['Nothing was restored', 'No check ran', 'not measured', 'No table was counted'])
      expect(drawn).toContain(part);
  });

  test('a recovery point is named with its vault, on the page and in the message', () => {
    const evidence = evidenceOf({ ...FACTS, state: FROM_RECOVERY_POINT });
    expect(page(evidence)).toContain('recovery point awsbackup:job-1a2b');
    expect(page(evidence)).toContain('rcv-acme-1a2b3c, recovery point made 2026-11-20 12:55:00 UTC');
    expect(page(evidenceOf(FACTS))).not.toContain('Backup vault');
    expect(summary(evidence)).toContain('restored from recovery point awsbackup:job-1a2b as of');
  });

  test('what was left behind stands beside the verdict', () => {
    const state = { ...STATE, teardown: undefined, teardownFailure: { Error: 'LeftBehind', Cause: '' } };
    expect(page(evidenceOf({ ...FACTS, state }))).toMatch(/<header[\s\S]*Left behind:[\s\S]*<\/header>/);
  });

  test('a status nobody knows is shown as it is', () => {
    expect(page(evidenceOf(withResult('connect', { status: 'constructor' as never })))).toContain('constructor</span>');
  });
});

describe('the summary', () => {
  test('PASSED: what, from when, both figures, nothing to do', () => {
    expect(summary(evidenceOf(FACTS))).toBe(
      'Drill Shop/Orders/Weekly of orders-production, started 2026-11-20 13:00:05 UTC, PASSED; restored from point in time as of 2026-11-20 12:55:59 UTC; ' +
        '4 min 2 s of data lost (objective 15 min), recovered in 11 min 28 s (objective 1 h); nothing to do.',
    );
  });

  test('FAILED: the worst reason, what it means, who acts', () => {
    const said = summary(evidenceOf(endedBy('NoRecoverySource', 'backups are off', 'source')));
    for (const part of [
      'FAILED: There was nothing to restore from: backups are off',
      'nothing was restored',
      'do not count on',
      'owner: Payments',
    ])
      expect(said).toContain(part);
  });

  test('INCONCLUSIVE never claims damage', () => {
    expect(summary(evidenceOf(endedBy('Throttling', 'slow', 'instance')))).toContain('nothing was shown bad');
  });

  test('names leftovers and the rehearsal', () => {
    const state = { ...STATE, teardown: undefined, teardownFailure: { Error: 'LeftBehind', Cause: '' } };
    const said = summary(evidenceOf({ ...FACTS, state }, REHEARSED));
    expect(said).toMatch(/^\[Rehearsal on a developer machine/);
    expect(said).toContain(`left behind until the sweeper removes it: db-instance ${STATE.drill.names.instance}`);
  });

  test('a drill that was stopped does not claim that nothing was restored', () => {
    const facts = endedBy('ExecutionStopped', 'stopped', 'source');
    const teardown = { ...STATE.teardown!, gone: false, removed: [], leftBehind: STATE.teardown!.removed };
    const evidence = evidenceOf({ ...facts, state: { ...facts.state, teardown } });
    for (const said of [summary(evidence), page(evidence)]) {
      expect(said).toContain('hat was restored is not known');
      expect(said).not.toContain('othing was restored;');
    }
  });

  test('without a freshness check it claims no loss that was measured', () => {
    const definition = { ...DEFINITION, checks: [] };
    const said = summary(evidenceOf({ ...FACTS, definition, results: { ...RESULTS, checks: passing(definition) } }));
    expect(said).toContain(
      'restored moment 4 min 1 s before the disaster, data loss not measured from the data (objective',
    );
    expect(said).not.toContain('of data lost');
  });

  test('is one short line whatever the database says', () => {
    const evidence = evidenceOf(
      withResult('connect', { status: 'fail', observed: 'x\n'.repeat(1e5), expected: '\u202e\0' }),
    );
    const said = summary({ ...evidence, owner: 'o'.repeat(1e5), drill: '\n'.repeat(100) });
    expect(said.length).toBeLessThanOrEqual(1000);
    expect(said).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('text', () => {
  test.each([
    [0, '0 s'],
    [0.04, '0 s'],
    [41.24, '41.2 s'],
    [59.96, '1 min'],
    [250, '4 min 10 s'],
    [3599.7, '1 h'],
    [7500, '2 h 5 min'],
    [86_400, '1 d'],
    [273_600, '3 d 4 h'],
  ])('%d s is %s', (seconds, expected) => expect(duration(seconds)).toBe(expected));

  test('moments drop what they do not have', () => {
    expect(moment('2026-11-20T13:00:00.000Z')).toBe('2026-11-20 13:00:00 UTC');
    expect(moment('2026-11-20T14:00:00.120+01:00')).toBe('2026-11-20 13:00:00.120 UTC');
    expect(moment('<b>')).toBe('<b>');
  });

  test('what cannot be seen is shown', () => {
    expect(visible('a\u202eb\0c\nd\u200b\ud800\u2028')).toBe('a⟨U+202E⟩b⟨U+0000⟩c↵d⟨U+200B⟩⟨U+D800⟩⟨U+2028⟩');
    expect(visible('表 العربية 🦊')).toBe('表 العربية 🦊');
    expect(oneLine(' a\n\tb  c ')).toBe('a b c');
    expect([...oneLine('🦊'.repeat(50), 10)]).toHaveLength(10);
  });
});
