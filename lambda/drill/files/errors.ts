import { FileError, type FileReason } from '../../verification/files/engine';

const THROTTLED = /^(SlowDown|Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|ServiceUnavailable|503|429)$/;
const MISSING = /^(NotFound|NoSuchKey|NoSuchVersion|NoSuchBucket|MethodNotAllowed)$/;

/**
 * A failed request in the engine's words. S3's own sentence names the key, which may be personal data, so none of it is
 * repeated but the action that was denied.
 */
export function fileError(error: unknown): FileError {
  if (error instanceof FileError) return error;
  const { name = 'Error', message = '', $metadata } = (error ?? {}) as Answered;
  const status = $metadata?.httpStatusCode;
  const reason = reasonOf(name, message, status);
  if (name === 'InvalidObjectState')
    return new FileError(reason, `it is archived, and not restored from there (${name})`);
  const action = /to perform: ([\w:*]+)/.exec(message)?.[1];
  return new FileError(reason, `${WORDS[reason]} (${action ?? (/^\d|^Unknown/.test(name) ? `HTTP ${status}` : name)})`);
}

interface Answered {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const WORDS: Readonly<Record<FileReason, string>> = {
  missing: 'S3 does not find it',
  denied: 'S3 or KMS denies it',
  damaged: 'its bytes do not fit its checksum',
  throttled: 'S3 throttles, also after retries',
  other: 'S3 does not answer as it should',
};

function reasonOf(name: string, message: string, status: number | undefined): FileReason {
  if (THROTTLED.test(name) || status === 503 || status === 429) return 'throttled';
  // KMS answers 400 where a key is disabled, pending deletion or gone.
  if (status === 403 || /^KMS\./.test(name)) return 'denied';
  if (status === 404 || status === 405 || MISSING.test(name)) return 'missing';
  // The SDK's own check of what came against the checksum that came along has no name of its own.
  if (/^Checksum mismatch/.test(message)) return 'damaged';
  return 'other';
}
