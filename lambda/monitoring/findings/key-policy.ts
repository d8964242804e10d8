/** What a restore asks of a key. */
const NEEDED = ['kms:CreateGrant', 'kms:DescribeKey', 'kms:Decrypt'];

/** Without these in somebody's hands of the account nothing can be restored. */
const GRANTED = ['kms:CreateGrant', 'kms:DescribeKey'];

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Condition?: unknown;
}

/**
 * What of a key's policy would stop every restore in an account; undefined where nothing is seen that would. A statement with a
 * condition is taken to allow and not to deny: what it depends on is not known here.
 * @returns `unreadable` for a policy that is no policy
 */
export function stopsRestores(policy: string, account: string): string | undefined {
  const statements = statementsOf(policy);
  if (!statements) return 'unreadable';
  for (const statement of statements) {
    if (statement.Effect !== 'Deny' || statement.Condition !== undefined) continue;
    const denied = NEEDED.filter((action) => covers(statement, action));
    if (denied.length > 0 && concerns(statement, account)) return `it denies ${denied.join(', ')}`;
  }
  const allowed = statements.filter(({ Effect }) => Effect === 'Allow').filter((one) => concerns(one, account));
  const missing = GRANTED.filter((action) => !allowed.some((statement) => covers(statement, action)));
  return missing.length > 0
    ? `it allows ${missing.join(' and ')} neither to account ${account} nor to any role of it`
    : undefined;
}

function statementsOf(policy: string): readonly Statement[] | undefined {
  try {
    const document = JSON.parse(policy) as { Statement?: unknown } | null;
    const statements = list(document?.Statement);
    return statements.every((one) => typeof one === 'object' && one !== null) ? (statements as Statement[]) : undefined;
  } catch {
    return undefined;
  }
}

function covers({ Action, NotAction }: Statement, action: string): boolean {
  if (NotAction !== undefined) return !texts(NotAction).some((pattern) => like(pattern, action));
  return texts(Action).some((pattern) => like(pattern, action));
}

/** Whether a statement is about the account or somebody in it. A Deny to all but some is about everybody. */
function concerns({ Principal, NotPrincipal, Effect }: Statement, account: string): boolean {
  if (NotPrincipal !== undefined) return Effect === 'Deny';
  if (Principal === '*') return true;
  const named = typeof Principal === 'object' && Principal !== null ? (Principal as { AWS?: unknown }).AWS : undefined;
  const principals = texts(named);
  if (principals.includes('*')) return true;
  const whole = principals.some((one) => one === account || one.endsWith(`::${account}:root`));
  // A Deny of some roles leaves others; an Allow of one is enough.
  return whole || (Effect === 'Allow' && principals.some((one) => one.split(':')[4] === account));
}

function like(pattern: string, action: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('?', '.'));
  return new RegExp(`^${source.join('.*')}$`, 'i').test(action);
}

function texts(value: unknown): string[] {
  return list(value).filter((one): one is string => typeof one === 'string');
}

function list(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
