import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { NamedError, nameOf } from '../../../lambda/shared/named-error';
import { printable } from '../printable';

/** Which account a command looks at, and where. */
export interface AccountOptions {
  readonly site?: string;
  readonly profile?: string;
  readonly region?: string;
}

/** What the SDK's clients are made with. */
export interface ClientOptions {
  readonly region: string;
  readonly profile?: string;
  /** Of a rehearsed account; absent: AWS's own. */
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What the user can mend before anything is asked of AWS. */
const USER_ERRORS = new Set(['UserError', 'AssemblyError', 'PostgresNotFound', 'CredentialsProviderError']);

/** What the SDK supports is said where it is installed; here it would stand between the lines of a pipeline's log. */
export function quietClients(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
}

/** The Region that options, environment or profile name; it is asked for before any credentials are. */
export async function clientOptions({ region, profile }: AccountOptions): Promise<ClientOptions> {
  quietClients();
  const client = new SchedulerClient({ ...(region && { region }), ...(profile && { profile }) });
  const found = await client.config.region().catch(() => {
    throw new NamedError('UserError', 'no AWS Region is set: give --region, or set AWS_REGION');
  });
  return { region: found, ...(profile && { profile }) };
}

/** What kept a command from its end, in one line for people, and whether they can mend it by calling it otherwise. */
export function trouble(error: unknown): { readonly sentence: string; readonly mistake: boolean } {
  const name = nameOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const sentence = printable(name === 'CredentialsProviderError' ? `no AWS credentials: ${message}` : message);
  return { sentence, mistake: USER_ERRORS.has(name) };
}
