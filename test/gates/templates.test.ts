import { createRequire } from 'node:module';
import { templates } from './stacks';

interface Diagnostic {
  readonly ruleId: string;
  readonly message: string;
  readonly entity?: { readonly logicalId: string };
}

// The only way to the validator: bundled inside the newest aws-cdk-lib.
const bundled = createRequire(require.resolve('aws-cdk-lib-latest/package.json'));
const { CompositeEngine, TemplateContent } = bundled('@aws/cloudformation-validate');

/** Findings that stand, each used. */
const STANDING: Record<string, { readonly where: RegExp; readonly reason: string }> = {
  W3005: { where: /./, reason: 'the CDK writes DependsOn beside references' },
  W9002: {
    where: /FunctionsNotifyFunction(Rules|Alarms)[0-9A-F]{8}$/,
    reason: 'all rules and all alarms of a site may call one function, by what their names begin with',
  },
  W3010: { where: /^maximal\/MaximalSite\/SiteNetworkSubnet/, reason: 'zones that a user names are meant as named' },
};

let found: (Diagnostic & { readonly where: string })[] = [];

beforeAll(() => {
  const engine = new CompositeEngine();
  found = templates().flatMap(({ name, template }) => {
    const answer = engine.validateTemplate(new TemplateContent(JSON.stringify(template), `${name}.json`), {
      severityLevel: 'WARN',
      exclude: { ids: [] },
      pseudoParameterOverrides: { region: 'eu-west-1', accountId: '111122223333' },
    });
    return (answer.diagnostics as Diagnostic[]).map((each) => ({
      ...each,
      where: `${name}/${each.entity?.logicalId}`,
    }));
  });
  engine.free();
});

const stands = ({ ruleId, where }: (typeof found)[number]) => STANDING[ruleId]?.where.test(where) ?? false;

test('templates are what CloudFormation takes', () => {
  expect(
    found.filter((each) => !stands(each)).map(({ ruleId, where, message }) => ({ ruleId, where, message })),
  ).toEqual([]);
});

test('every finding that stands is still found', () => {
  expect(Object.keys(STANDING).filter((id) => !found.some((each) => each.ruleId === id && stands(each)))).toEqual([]);
});

test.each(templates().map(({ name, template }) => [name, template] as const))('%s is small enough', (_, template) => {
  expect(Object.keys(template.Resources).length).toBeLessThan(400);
  expect(JSON.stringify(template).length).toBeLessThan(800_000);
});
