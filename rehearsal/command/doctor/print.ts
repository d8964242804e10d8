import { styleText } from 'node:util';
import { counted } from '../../../lambda/evidence/text';
import { printable } from '../printable';
import { wrapped } from '../wrapped';
import type { Answer, Answered, DoctorReport, Verdict } from './report';

const MARK: Record<Verdict, string> = { confirmed: '✔', refuted: '✖', unknown: '?' };
const WORST_FIRST = ['refuted', 'unknown', 'confirmed'] as const;

/** The report for people: what is refuted comes first, with what it means and what to do. */
export function printDoctor(report: DoctorReport): string {
  const { region, account, sites, questions } = report;
  const of = (verdict: Verdict) => questions.filter((one) => verdictOf(one) === verdict);
  const counts = WORST_FIRST.map((verdict) => `${of(verdict).length} ${verdict}`).join(', ');
  const where = `${printable(region)}${account === undefined ? '' : ` of ${printable(account)}`}`;
  const whose =
    sites.length === 0
      ? 'no site deployed yet'
      : `${sites.length === 1 ? 'site' : 'sites'} ${sites.map(printable).join(', ')}`;
  const text = [
    `${MARK[report.state]} ${counted(questions.length, 'question')} asked in ${where}, ${whose}: ${counts}`,
    ...WORST_FIRST.flatMap((verdict) => of(verdict).map(question)),
  ].join('\n');
  return text.replace(/^[✔✖]|(?<=^ {2})[✔✖]/gmu, (mark) => styleText(mark === MARK.confirmed ? 'green' : 'red', mark));
}

/** The worst of its answers. */
export function verdictOf({ answers }: Answered): Verdict {
  return WORST_FIRST.find((verdict) => answers.some(({ answer }) => answer === verdict)) ?? 'unknown';
}

function question(one: Answered): string {
  const verdict = verdictOf(one);
  const title = wrapped(`${MARK[verdict]} ${one.asks} (${one.id})`, '  ');
  // Of what is confirmed throughout, how often is enough: the JSON says of what.
  if (verdict === 'confirmed' && one.answers.length > 1)
    return ['', title, `    ${one.answers.length} times confirmed`].join('\n');
  return [
    '',
    title,
    ...one.answers.filter(({ answer }) => answer !== 'confirmed' || verdict === 'confirmed').flatMap(answer),
  ].join('\n');
}

function answer({ answer: verdict, about, found, means, nextStep }: Answer): string[] {
  return [
    wrapped(`  ${MARK[verdict]} ${about === undefined ? '' : `${printable(about)}: `}${printable(found)}`, '    '),
    ...(means === undefined ? [] : [wrapped(`    ${printable(means)}`, '    ')]),
    ...(nextStep === undefined ? [] : [wrapped(`    Next step: ${printable(nextStep)}`, '    ')]),
  ];
}
