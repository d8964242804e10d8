import type { FileRow } from '../files/question';
import { quoted } from '../text';

/** Columns of a user's query that are compared with files. */
export type Compared = 'size' | 'sha256' | 'modified_at';

type Row = readonly (string | null)[];

/** Rows as key, size, sha256 and modification in seconds; a sentence where a column holds something else. */
export function readFileRows(rows: readonly Row[]): {
  readonly sampled: Omit<FileRow, 'stratum'>[];
  readonly unsuitable?: string;
} {
  const sampled: Omit<FileRow, 'stratum'>[] = [];
  for (const [key, size, sha256, modified] of rows) {
    const bytes = size === null ? undefined : Number(size);
    if (bytes !== undefined && !(Number.isSafeInteger(bytes) && bytes >= 0)) {
      return { sampled: [], unsuitable: `column "size" holds ${quoted(size ?? '', 60)}, which is no number of bytes` };
    }
    const hash = sha256 === null ? undefined : hexOf(sha256);
    if (hash === null) {
      const held = quoted(sha256 ?? '', 100);
      return {
        sampled: [],
        unsuitable: `column "sha256" holds ${held}, which is no SHA-256 in hexadecimal, base64 or bytea`,
      };
    }
    const at = modified === null ? NaN : Number(modified) * 1000;
    sampled.push({
      key: key ?? '',
      ...(bytes !== undefined && { size: bytes }),
      ...(hash !== undefined && { sha256: hash }),
      ...(Number.isFinite(at) && { modified: Math.floor(at) }),
    });
  }
  return { sampled };
}

function hexOf(text: string): string | null {
  const hex = /^(?:\\x)?([0-9a-f]{64})$/i.exec(text.trim())?.[1];
  if (hex) return hex.toLowerCase();
  return /^[A-Za-z0-9+/]{43}=$/.test(text.trim()) ? Buffer.from(text.trim(), 'base64').toString('hex') : null;
}
