import type { SourceFacts } from '../../../lib/private/contract/drill';
import { moment } from '../../evidence/text';
import { settledBefore } from '../restore/files/held';
import { NOTHING_COMPARED, type Restored } from '../restore/files/restored';

/** How far it is known whether AWS Backup restored all that the bucket held, in sentences. */
export function comparedSaid({ compared = NOTHING_COMPARED, problems }: Restored, source: SourceFacts): string[] {
  const { held, untaken, unsure, unlisted } = compared;
  const bucket = source.files?.bucket ?? '';
  const missing = problems.find(({ problem }) => problem === 'missing')?.count ?? 0;
  const older = `that ${bucket} held since before ${moment(settledBefore(source))}`;
  return [
    ...(unlisted ? [] : [lookedFor(held, missing, older)]),
    ...(unlisted === 'denied'
      ? [`whether they are all of ${bucket} is not known: listing its versions is denied`]
      : unlisted === 'gone'
        ? [`whether they are all of ${bucket} could not be compared: it is gone`]
        : []),
    ...(untaken > 0
      ? [
          `${untaken} of ${bucket} are not there because AWS Backup takes none that is archived, under a customer's key, or named with characters that it excludes`,
        ]
      : []),
    ...(unsure > 0 ? [`${unsure} of ${bucket} are not there, and as replicas do not say when they came`] : []),
  ];
}

function lookedFor(held: number, missing: number, older: string): string {
  if (held + missing === 0) return `none ${older} to compare with`;
  return missing === 0 ? `all ${held} are among them ${older}` : `${held} of ${held + missing} are among them ${older}`;
}
