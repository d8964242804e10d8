import fc from 'fast-check';
import type { CheckStatus } from '../../../lib/private/contract/checks';
import { judge } from '../../../lambda/evidence/judge';
import { page } from '../../../lambda/evidence/page/page';
import { escape } from '../../../lambda/evidence/page/markup';
import { at, evidenceOf, FACTS, RESULTS, REHEARSED, STATE, withChecks, withResult } from './samples';

const STATUSES: CheckStatus[] = ['pass', 'fail', 'inconclusive', 'skipped'];
const size = RESULTS.checks.length;

test('PASSED exactly when every required check passed', () => {
  const statuses = fc.array(
    fc.option(fc.constantFrom(...STATUSES, 'odd' as CheckStatus), { nil: undefined, freq: 9 }),
    { minLength: size, maxLength: size },
  );
  fc.assert(
    fc.property(fc.oneof(statuses, fc.constant(Array<CheckStatus>(size).fill('pass'))), (chosen) => {
      const checks = RESULTS.checks.flatMap((result, index) => {
        const status = chosen[index];
        return status === undefined ? [] : [{ ...result, status }];
      });
      const { verdict, reasons } = judge(withChecks(checks));
      expect(verdict === 'PASSED').toBe(chosen.every((status) => status === 'pass'));
      if (chosen.includes('fail')) expect(verdict).toBe('FAILED');
      expect(reasons.length).toBeGreaterThan(0);
      expect(reasons.every((reason) => reason !== '')).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('any error that ended the drill forbids PASSED, whatever it is called', () => {
  fc.assert(
    fc.property(fc.string(), fc.oneof(fc.string(), fc.json()), (Error, Cause) => {
      expect(judge({ ...FACTS, state: { ...STATE, failure: { Error, Cause } } }).verdict).not.toBe('PASSED');
    }),
  );
});

test('an older newest row never makes the achieved RPO smaller or the verdict better', () => {
  const seconds = fc.integer({ min: -240_999, max: 4_000_000 }).map((milliseconds) => milliseconds / 1000);
  const judged = (age: number) => judge(withResult('freshness:orders.created_at', { newestRow: at(-241 - age) }));
  fc.assert(
    fc.property(
      seconds.filter((age) => age >= 0),
      fc.integer({ min: 0, max: 4_000_000 }),
      (age, more) => {
        const near = judged(age);
        const far = judged(age + more / 1000);
        expect(far.rpo.achievedSeconds ?? Infinity).toBeGreaterThanOrEqual(near.rpo.achievedSeconds ?? Infinity);
        if (near.verdict === 'FAILED') expect(far.verdict).toBe('FAILED');
        expect(far.verdict === 'FAILED').toBe((far.rpo.achievedSeconds ?? 0) > 900);
      },
    ),
  );
});

const NASTY = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onload='x",
    '</style><script>',
    '-->',
    ']]>',
    '&lt;',
    '\u202e',
    '\ud800',
    '`',
    '\0',
  ),
);

test('escaped text holds no markup and nothing that cannot be seen', () => {
  fc.assert(
    fc.property(
      fc.array(NASTY).map((parts) => parts.join('')),
      (text) => {
        const escaped = escape(text);
        expect(escaped).not.toMatch(/[<>"'`]|&(?!#\d+;)/);
        expect(escaped).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      },
    ),
    { numRuns: 500 },
  );
});

test('whatever the evidence says, the page has the same elements', () => {
  const outline = (html: string) => html.match(/<\/?[a-zA-Z!][^\s>]*/g);
  const expected = outline(page(saying('plain')));
  fc.assert(
    fc.property(
      NASTY.filter((text) => text !== ''),
      (text) => {
        expect(outline(page(saying(text)))).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  );
});

/** Evidence in which a database and a plan say the given text wherever they can. */
function saying(text: string) {
  const checks = RESULTS.checks.map((result) => ({
    ...result,
    expected: text,
    observed: text,
    grant: text.replace(/\s/g, ' ') || 'x',
  }));
  const tables = [{ database: text, schema: text, name: text, rows: 3, content: text }];
  const evidence = evidenceOf(
    { ...FACTS, results: { ...RESULTS, checks, profile: { ...RESULTS.profile!, tables } } },
    { ...REHEARSED, watermark: text },
  );
  return {
    ...evidence,
    owner: text,
    drill: text,
    reasons: [text],
    manual: [text],
    removed: [{ kind: 'secret' as const, identifier: text }],
  };
}
