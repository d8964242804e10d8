import { NamedError, nameOf } from '../../shared/named-error';

/** Longest wait for an answer. */
const PATIENCE_MILLISECONDS = 10_000;

export interface Sent {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An address outside AWS. Its path and query may be what lets one in: only the host is ever told. */
export function addressOf(text: string, whose: string): URL {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (address?.protocol !== 'https:' || address.username || address.password) {
    throw new NamedError(
      'InvalidAddress',
      `${whose} must be an address that begins with https:// and names no user; it is not shown here`,
    );
  }
  return address;
}

/**
 * Asks once, and reads nothing of the answer but its status. A redirect is not followed: what is signed for one is for nobody else.
 * @returns the status of the answer
 */
export async function request(address: URL, { method, headers, body }: Sent): Promise<number> {
  try {
    const answer = await fetch(address, {
      method,
      headers: { 'user-agent': 'cdk-recoverable', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
    await answer.body?.cancel();
    return answer.status;
  } catch (error) {
    throw new NamedError('NoAnswer', `${address.host} did not answer: ${reasonOf(error)}`);
  }
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The message of an error of `fetch` may quote the address. */
function reasonOf(error: unknown): string {
  if (nameOf(error) === 'TimeoutError') return `nothing within ${PATIENCE_MILLISECONDS / 1000} s`;
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return typeof cause?.code === 'string' ? cause.code : nameOf(error);
}
