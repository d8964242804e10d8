import { BackupClient } from '@aws-sdk/client-backup';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { nameOf } from '../../../lambda/shared/named-error';
import type { ClientOptions } from '../account/account';

/** The action that whoever asks may not take. */
export class Denied extends Error {
  override readonly name = 'Denied';

  constructor(readonly action: string) {
    super(`${action} is denied`);
  }
}

/** As the services call it. */
const DENIED = /^(AccessDenied(Exception)?|AuthorizationError(Exception)?|UnauthorizedOperation|NotAuthorized)$/;

/** No credentials, or none that AWS takes: no other question has an answer either. */
const UNUSABLE = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
]);

export function isUnusable(error: unknown): boolean {
  return UNUSABLE.has(nameOf(error));
}

/** The clients of one account in one Region. */
export class Aws {
  readonly backup: BackupClient;
  readonly cloudWatch: CloudWatchClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly rds: RDSClient;
  readonly scheduler: SchedulerClient;
  readonly sns: SNSClient;

  constructor(private readonly options: ClientOptions) {
    this.backup = new BackupClient(options);
    this.cloudWatch = new CloudWatchClient(options);
    this.iam = new IAMClient(options);
    this.kms = new KMSClient(options);
    this.lambda = new LambdaClient(options);
    this.rds = new RDSClient(options);
    this.scheduler = new SchedulerClient(options);
    this.sns = new SNSClient(options);
  }

  get region(): string {
    return this.options.region;
  }

  /** The same account in another Region. */
  in(region: string): Aws {
    return region === this.region ? this : new Aws({ ...this.options, region });
  }
}

/** One call, or the pages of one; says which right it lacks. */
export async function ask<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw DENIED.test(nameOf(error)) ? new Denied(action) : error;
  }
}

/** Everything on all pages. */
export async function all<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const found: Item[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}
