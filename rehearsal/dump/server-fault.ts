/** What the server says against a statement. */
export interface ServerFault {
  /** Five characters of SQLSTATE; empty when it was not the server that spoke. */
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
}

export function serverFault(error: unknown): ServerFault {
  const { code, message, detail, hint, where } = error as Partial<ServerFault>;
  const isServer = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  return { code: isServer ? code : '', message: message ?? String(error), detail, hint, where };
}

/** One sentence for people. */
export function inWords({ message, detail, where }: ServerFault): string {
  // For a COPY the place within its data; for a function a whole stack, which helps nobody here.
  const place = where?.startsWith('COPY ') ? where.split('\n')[0] : undefined;
  return [message, detail, place].filter(Boolean).join('; ').replaceAll(/\s+/g, ' ');
}
