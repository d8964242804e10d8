import { AwsSolutionsChecks } from 'cdk-nag';
import { neutral, neutralPath } from './neutral';
import { REASONS } from './reasons';
import { gated } from './stacks';

interface Finding {
  readonly finding: string;
  readonly where: string;
}

const findings: Finding[] = gated().flatMap(({ app }) =>
  new AwsSolutionsChecks(app).validateScope(app).violations.flatMap((violation) =>
    violation.violatingResources.map((resource) => ({
      finding: neutral(violation.ruleName),
      where: neutralPath(resource.constructPath ?? ''),
    })),
  ),
);

const covers = (reason: (typeof REASONS)[number], { finding, where }: Finding) =>
  reason.finding.test(finding) && reason.where.test(where);

test('looks at something', () => {
  expect(findings.length).toBeGreaterThan(50);
});

test('every finding has a reason', () => {
  const unknown = findings.filter((finding) => !REASONS.some((reason) => covers(reason, finding)));
  expect(unknown).toEqual([]);
});

test('every reason has a finding', () => {
  const unused = REASONS.filter((reason) => !findings.some((finding) => covers(reason, finding)));
  expect(unused).toEqual([]);
});
